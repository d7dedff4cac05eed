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
  expect(() => select(answer, path)).toThrow('jsonPath is not a JSONPath (RFC 9535)');
});

it('stops a search that would take for ever', () => {
  let nested: unknown = 1;
  for (let depth = 0; depth < 40; depth++) nested = [nested];
  expect(() => select(nested as never, `$${'[*,*]'.repeat(40)}`)).toThrow('jsonPath takes more than 100 ms');
  expect(() => select(['a'.repeat(50)], "$[?search(@, '(a|a)*b')]")).toThrow('jsonPath takes more than 100 ms');
});
