import fc from 'fast-check';
import { expect, it } from 'vitest';
import { redacted } from './redact.js';

const secrets = ['p@ss/word', 'p@ss/word-longer', 'us', 'with newline\n', 'ma[rk! one'];

it.each([
  ['the p@ss/word is known', 'the *** is known'],
  ['p@ss/word-longer', '***'],
  ['?key=p%40ss%2Fword', '?key=***'],
  ['status of us', 'status of us'],
  ['Bearer with newline', 'Bearer ***'],
  ['?key=p%40ss%2fword', '?key=***'],
  ['no connection to p@SS/word', 'no connection to ***'],
  ['?key=ma%5brk%21+one', '?key=***'],
  ['p@ss/wordp@ss/word', '******'],
  ['\u0130 p@SS/word', '\u0130 ***'],
  ['', ''],
])('%j becomes %j', (message, expected) => {
  expect(redacted(message, secrets)).toBe(expected);
});

it('a secret that is no text that UTF-8 can write', () => {
  expect(redacted('a message', ['\ud800abc'])).toBe('a message');
});

it('whatever the message and the secrets: none of them is left, and it ends', () => {
  const text = fc.string({ maxLength: 40, unit: fc.constantFrom('a', 'B', '*', '/', ' ', '%', '\u0130', 'é') });
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 5 }), (message, all) => {
      const result = redacted(message, all);
      for (const secret of all.map(each => each.trim()).filter(({ length }) => length >= 4)) {
        expect(result.replaceAll('***', '\0')).not.toContain(secret);
      }
    }),
  );
});
