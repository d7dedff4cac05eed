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

it.each(['', 'a', 'ab', 'abc', 'reader'])('an Authorization header of user %j', user => {
  const header = `Basic ${Buffer.from(`${user}:p@ss/word`).toString('base64')}`;
  expect(redact(header)).toMatch(/^Basic [A-Za-z0-9+/]{0,12}\*{3}[A-Za-z0-9+/]?=*$/);
  expect(Buffer.from(redact(header).slice(6), 'base64').toString()).not.toContain('p@');
});

it('what JSON makes of quotes and new lines', () => {
  const quoted = textRedactor({ a: 'quo"te\nline' });
  expect(quoted(JSON.stringify({ sent: 'quo"te\nline' }))).toBe('{"sent":"***"}');
});

it('reaches every text of a value and no number', () => {
  const value = { list: ['p@ss/word', 1, null, true, Number.NaN], 'p@ss/word': { deep: 'x p@ss/word' } };
  expect(valueRedactor(redact)(value)).toEqual({ list: ['***', 1, null, true, Number.NaN], '***': { deep: 'x ***' } });
});
