/** Writes everything that is made from the schemas: metacontroller/crds and the field reference of docs/api.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './generated.js';

for (const [file, content] of generatedFiles(file => readFileSync(file, 'utf8'))) {
  writeFileSync(file, content);
  process.stdout.write(`wrote ${file}\n`);
}
