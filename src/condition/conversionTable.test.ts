import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compileCondition } from './condition.js';

/** The table of docs/analysis.md: what users copy is what the hook says. */
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
  const compiled = compileCondition(argo!, 'successCondition');
  const advised = compiled.ok ? argo : compiled.problems[0]?.remedy.replace('conditions are in CEL: write ', '');
  expect(advised).toBe(cel);
});
