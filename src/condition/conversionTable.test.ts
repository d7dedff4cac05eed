import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileCondition } from './condition.js';

/** The table of docs/analysis.md, which users copy and refusals name. */
const rows = readFileSync('docs/analysis.md', 'utf8')
  .split('### From Argo Rollouts')[1]!
  .split('\n## ')[0]!
  .split('\n')
  .filter(line => line.startsWith('| `'))
  .map(line => [...line.matchAll(/`([^`]+)`/g)].map(([, code]) => code!.replaceAll('\\|', '|')));

test('the table has its rows', () => {
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.every(row => row.length === 2)).toBe(true);
});

test.each(rows)('%s is written %s', (argo, cel) => {
  expect(compileCondition(cel!, 'successCondition').ok).toBe(true);
  // Nothing in the left column may compile and mean something else.
  expect(compileCondition(argo!, 'successCondition').ok).toBe(argo === cel);
});
