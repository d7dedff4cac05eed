/** `npm run generate`: the CRDs and the generated parts of docs/. Run from the root of the project. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './files.js';

for (const [file, content] of generatedFiles(file => readFileSync(file, 'utf8'))) writeFileSync(file, content);
