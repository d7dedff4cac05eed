import { expect, it } from 'vitest';
import { RecentUse } from './recentUse.js';

it('counts half of what it was a half-life ago', () => {
  const use = new RecentUse(1000);
  use.add('a', 80, 0);
  expect([use.of('a', 0), use.of('a', 1000), use.of('b', 1000)]).toEqual([80, 40, 0]);
  use.add('a', 10, 1000);
  expect([use.of('a', 1000), use.of('a', 2000)]).toEqual([50, 25]);
});

it('forgets who has used next to nothing, when asked and when they are many', () => {
  const use = new RecentUse(1000);
  use.add('little', 1, 0);
  use.add('much', 1000, 0);
  expect(use.owners(0)).toBe(2);
  expect(use.owners(1000)).toBe(1);
  expect([use.has('little'), use.has('much')]).toEqual([false, true]);
  for (let index = 0; index < 1000; index++) use.add(`${index}`, 1, 0);
  expect(use.has('0')).toBe(true);
  use.add('last', 5, 1000);
  expect([use.has('0'), use.has('much'), use.has('last')]).toEqual([false, true, true]);
});
