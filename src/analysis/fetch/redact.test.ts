import { expect, it } from 'vitest';
import { textRedactor, valueRedactor } from './redact.js';

const secrets = { a: 'p@ss/word', b: 'p@ss/word-longer', c: 'us', d: 'with newline\n' };
const redact = textRedactor(secrets);

it.each([
  ['the p@ss/word is known', 'the *** is known'],
  ['p@ss/word-longer', '***'],
  ['?key=p%40ss%2Fword', '?key=***'],
  ['status of us', 'status of us'],
  ['Bearer with newline', 'Bearer ***'],
])('%j becomes %j', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

it('reaches every text of a value and no number', () => {
  const value = { list: ['p@ss/word', 1, null, true, Number.NaN], 'p@ss/word': { deep: 'x p@ss/word' } };
  expect(valueRedactor(redact)(value)).toEqual({ list: ['***', 1, null, true, Number.NaN], '***': { deep: 'x ***' } });
});
