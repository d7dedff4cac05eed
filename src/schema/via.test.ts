import { expect, it } from 'vitest';
import { isMadeByHook, VIA } from './via.js';

it.each<[string | undefined, boolean]>([
  [VIA, true],
  [`HTTP/1.1 proxy, ${VIA} (comment)`, true],
  [`${VIA},1.0 fred`, true],
  ['1.1 StormService-Rollouts', true],
  [undefined, false],
  ['', false],
  [',, ,', false],
  ['1.1 proxy', false],
  ['1.1 my-stormservice-rollouts', false],
  ['1.1 proxy (stormservice-rollouts)', false],
])('Via: %s was made by a hook: %s', (via, made) => {
  expect(isMadeByHook(via)).toBe(made);
});
