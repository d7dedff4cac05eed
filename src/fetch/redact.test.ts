import { expect, it } from 'vitest';
import { textRedactor, valueRedactor } from './redact.js';

const secrets = { a: 'p@ss/word', b: 'p@ss/word-longer', c: 'us', d: 'with newline\n', e: 'ma[rk! one', f: 'a&b<c' };
const redact = textRedactor(secrets);

it.each([
  ['the p@ss/word is known', 'the *** is known'],
  ['p@ss/word-longer', '***'],
  ['?key=p%40ss%2Fword', '?key=***'],
  ['status of us', 'status of us'],
  ['Bearer with newline', 'Bearer ***'],
  ['?key=p%40ss%2fword', '?key=***'],
  ['no connection to p@SS/word', 'no connection to ***'],
  ['"p@ss\\/word"', '"***"'],
  ['?key=ma%5brk%21+one', '?key=***'],
  ['<b>ma[rk! one</b><i>a&amp;b&lt;c</i>', '<b>***</b><i>***</i>'],
])('%j becomes %j', (text, expected) => {
  expect(redact(text)).toBe(expected);
});

it.each(['', 'a', 'ab', 'abc', 'reader'])('an Authorization header of user %j', user => {
  const header = `Basic ${Buffer.from(`${user}:p@ss/word`).toString('base64')}`;
  expect(redact(header)).toMatch(/^Basic [A-Za-z0-9+/]{0,12}\*{3}[A-Za-z0-9+/]?=*$/);
  expect(Buffer.from(redact(header).slice(6), 'base64').toString()).not.toContain('p@');
});

it('a very long one', () => {
  const long = 'x(y'.repeat(100_000);
  expect(textRedactor({ long })(`a ${long} b`)).toBe('a *** b');
});

it('what JSON makes of quotes and new lines', () => {
  const quoted = textRedactor({ a: 'quo"te\nline' });
  expect(quoted(JSON.stringify({ sent: 'quo"te\nline' }))).toBe('{"sent":"***"}');
});

it('reaches every text of a value and no number', () => {
  const value = { list: ['p@ss/word', 1, null, true, Number.NaN], 'p@ss/word': { deep: 'x p@ss/word' } };
  expect(valueRedactor(redact)(value)).toEqual({ list: ['***', 1, null, true, Number.NaN], '***': { deep: 'x ***' } });
});
