import { expect, it } from 'vitest';
import { firstRepeated } from './repeated.js';

it.each<[(string | undefined)[], string | undefined]>([
  [[], undefined],
  [['a', 'b'], undefined],
  [['a', 'b', 'c', 'b', 'a'], 'b'],
  [[undefined, undefined, 'a'], undefined],
  [['', 'a', ''], ''],
])('in %j it is %s', (values, repeated) => {
  expect(firstRepeated(values)).toBe(repeated);
});
