import fc from 'fast-check';
import { expect, it } from 'vitest';
import { namePattern } from './namePattern.js';

it.each<[string, string, boolean]>([
  ['a.b', 'xaxbx', true],
  ['a\\.b', 'axb', false],
  ['a\\.b', 'a.b', true],
  ['^a', 'ba', false],
  ['a$', 'ab', false],
  ['^a$', 'a', true],
  ['^a$', 'aa', false],
  ['^a.*a$', 'a', false],
  ['^a.*a$', 'aa', true],
  ['a.+a', 'aa', false],
  ['a.+a', 'axa', true],
  ['cost\\$', 'cost$', true],
  ['^$', '', true],
  ['', 'any', true],
  ['x|y$', 'by', true],
])('%s matches %s: %s', (pattern, name, expected) => {
  expect(namePattern(pattern)?.(name)).toBe(expected);
});

it('as a regular expression does', () => {
  const atom = fc.constantFrom('a', 'b', '.', '.*', '.+', '\\.', '\\$');
  const part = fc
    .tuple(fc.constantFrom('', '^'), fc.array(atom, { maxLength: 6 }), fc.constantFrom('', '$'))
    .map(([start, atoms, end]) => start + atoms.join('') + end);
  const pattern = fc.array(part, { minLength: 1, maxLength: 3 }).map(parts => parts.join('|'));
  const name = fc.string({ maxLength: 8, unit: fc.constantFrom('a', 'b', '.', '$') });
  fc.assert(
    fc.property(pattern, name, (text, tested) => {
      const matches = namePattern(text);
      if (matches && text !== '*') expect(matches(tested)).toBe(new RegExp(text).test(tested));
    }),
    { numRuns: 5000 },
  );
});

it('takes time in proportion to pattern and name', () => {
  const patterns = Array.from({ length: 50 }, () => Array(25).fill('a.*a.*a.*b').join('|'));
  const names = Array.from({ length: 50 }, () => 'a'.repeat(100));
  const before = process.cpuUsage();
  for (const pattern of patterns) {
    const matches = namePattern(pattern);
    for (const name of names) expect(matches?.(name)).toBe(false);
  }
  // Backtracking takes 40 minutes.
  expect(process.cpuUsage(before).user / 1e6).toBeLessThan(20);
});
