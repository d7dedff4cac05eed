import fc from 'fast-check';
import { expect, test } from 'vitest';
import { durationSeconds } from './duration.js';

test.each([
  [30, 30],
  ['30', 30],
  ['30s', 30],
  ['5m', 300],
  ['1h', 3600],
  ['1h30m', 5400],
  ['1.5m', 90],
  ['500ms', 0.5],
  [0, 0],
])('%j is %d seconds', (value, seconds) => {
  expect(durationSeconds(value)).toBe(seconds);
});

test.each(['99999999999999h', 2 ** 31, '', 's', '1d', '1 h', '-5s', 'h1', '1h30', -1, 1.5, Number.NaN, null, true, {}])(
  '%j is none',
  value => {
    expect(durationSeconds(value)).toBeUndefined();
  },
);

test('hours, minutes and seconds add up', () => {
  const part = fc.nat({ max: 1000 });
  fc.assert(
    fc.property(part, part, part, (h, m, s) => {
      expect(durationSeconds(`${h}h${m}m${s}s`)).toBe(h * 3600 + m * 60 + s);
    }),
  );
});
