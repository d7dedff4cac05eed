import { expect, it } from 'vitest';
import { select } from './jsonPath.js';

const answer = {
  data: [
    { name: 'a', rate: 0.5 },
    { name: 'b', rate: 2 },
  ],
};

it.each([
  ['$.data[0].rate', [0.5]],
  ['$.data[?@.rate > 1].name', ['b']],
  ['$..rate', [0.5, 2]],
  ['$.none', []],
])('%s finds %j', (path, expected) => {
  expect(select(answer, path)).toEqual(expected);
});

it.each(['$.', '$[', 'data', '$.data[?'])('%s is no path', path => {
  expect(() => select(answer, path)).toThrow('jsonPath is not a JSONPath');
});

it.each([`$${'[*,*]'.repeat(40)}`, "$[?search(@, '(a|a)*b')]", '$..*..*'])('%s could take for ever', path => {
  expect(() => select(answer, path)).toThrow('jsonPath has ');
});

it('does not search an answer that is too large for the path', () => {
  const large = { list: Array(60_000).fill(1), name: 'a' };
  expect(select(large, '$.name')).toEqual(['a']);
  expect(() => select(large, '$..name')).toThrow('the answer is too large or too deeply nested for jsonPath');
});
