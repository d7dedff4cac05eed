import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorDefinitions } from '../../src/schema/errors.js';
import { Environment } from '../../src/server/config.js';
import { withTable } from './page.js';
import { generatedTables } from './tables.js';

describe('generated tables', () => {
  it.each(generatedTables())('$page is up to date (npm run docs)', table => {
    const page = readFileSync(new URL(`../../${table.page}`, import.meta.url), 'utf8');
    expect(page).toBe(withTable(page, table));
  });

  it('have a row for every variable and every error', () => {
    const text = generatedTables().map(table => table.text);
    for (const name of [...Object.keys(Environment.properties), ...Object.keys(errorDefinitions)]) {
      expect(text.join('\n')).toContain(name);
    }
  });
});

describe('withTable', () => {
  const table = { page: 'a.md', name: 'a', text: '| new |' };

  it('replaces what stands between the marks only', () => {
    const page = 'before\n<!-- generated: a -->\n| old |\n<!-- end: a -->\nafter\n';
    expect(withTable(page, table)).toBe(page.replace('old', 'new'));
  });

  it('refuses a page without the marks', () => {
    expect(() => withTable('before', table)).toThrow('no place for the table a');
  });
});
