/** Writes the generated tables into docs/. Run from the root of the project: `npm run docs`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { withTable } from './page.js';
import { generatedTables } from './tables.js';

for (const table of generatedTables()) {
  writeFileSync(table.page, withTable(readFileSync(table.page, 'utf8'), table));
}
