import { expect, it } from 'vitest';
import type { Json } from '../schema/json.js';
import { withoutTexts } from './confidential.js';

const SECRETS = ['pa55-word', '8675309', '12', 'no digits'];

it.each<[Json, Json]>([
  ['pa55-word', '***'],
  ['ok', '***'],
  ['', '***'],
  [0.25, 0.25],
  [Number.NaN, Number.NaN],
  [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  [true, true],
  [null, null],
  [
    [1, 'a', [2, 'b']],
    [1, '***', [2, '***']],
  ],
  [{ requests: 22, name: 'a', inner: { rate: 1 } }, [22, '***', [1]]],
  [{ 'pa55-word': 3 }, [3]],
])('of %j is shown %j', (value, shown) => {
  expect(withoutTexts(value, SECRETS)).toEqual(shown);
});

it.each<[number, boolean]>([
  [8675309, true],
  [-8675309, true],
  [867.5309, true],
  [86753, true],
  [867, false],
  [12, true],
  [1.2, true],
  [55, true],
  [1, false],
  [8675310, false],
])('the number %j is hidden as digits of a Secret: %j', (number, hidden) => {
  expect(withoutTexts([number], SECRETS)).toEqual([hidden ? '***' : number]);
});
