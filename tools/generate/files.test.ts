import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../src/api/crd.js';
import { errorDefinitions } from '../../src/schema/errors.js';
import { Environment } from '../../src/server/config.js';
import { generatedFiles } from './files.js';
import { withSection } from './section.js';

describe('generated files', () => {
  const files = generatedFiles(file => readFileSync(file, 'utf8'));

  it.each([...files])('%s is what `npm run generate` writes', (file, content) => {
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  it('hold the CRDs as YAML', () => {
    const yaml = [...files].filter(([file]) => file.endsWith('.yaml')).map(([, content]) => load(content));
    expect(yaml).toEqual(JSON.parse(JSON.stringify(customResourceDefinitions())));
  });

  it('have a row for every variable and every error', () => {
    const text = [...files.values()].join('\n');
    for (const name of [...Object.keys(Environment.properties), ...Object.keys(errorDefinitions)]) {
      expect(text).toContain(name);
    }
  });
});

describe('withSection', () => {
  const section = { page: 'a.md', name: 'a', text: '| new |' };

  it('replaces what stands between the marks only', () => {
    const page = 'before\n<!-- generated: a -->\n| old |\n<!-- end: a -->\nafter\n';
    expect(withSection(page, section)).toBe(page.replace('old', 'new'));
  });

  it('refuses a page without the marks', () => {
    expect(() => withSection('before', section)).toThrow('no place for the section a');
  });
});
