import { describe, expect, it } from 'vitest';
import { json } from '../../test/analysis/dialect.js';
import { closeAll, fetcherWith, NOW, request, serve, until } from '../../test/analysis/fetching.js';
import { ManualClock } from '../../test/analysis/manualClock.js';
import { Waits } from './waits.js';

closeAll();

/** Two workers. */
const RULES = { perSecond: 2000 };

/** Syncs of these owners, each as often per second as it says and as long as it may, for a minute: seconds waited. */
function waiting(owners: readonly { readonly name: string; readonly perSecond: number; readonly ms: number }[]) {
  const clock = new ManualClock();
  const waits = new Waits(RULES, clock);
  const seconds = new Map(owners.map(({ name }) => [name, 0]));
  const refused = new Map(owners.map(({ name }) => [name, 0]));
  for (let tick = 0; tick < 60 * 20; tick += 1) {
    clock.pass(50);
    for (const { name, perSecond, ms } of owners) {
      if (tick % Math.round(20 / perSecond) !== 0) continue;
      if (waits.mayWait(name)) {
        waits.waited(name, ms);
        seconds.set(name, seconds.get(name)! + ms / 1000);
      } else refused.set(name, refused.get(name)! + 1);
    }
  }
  return { seconds, refused, all: [...seconds.values()].reduce((sum, each) => sum + each, 0) };
}

const many = (count: number, name: string, perSecond: number, ms: number) =>
  Array.from({ length: count }, (_, index) => ({ name: `${name}${index}`, perSecond, ms }));

describe('waiting for measurements', () => {
  it('is free as long as all wait little', () => {
    const { refused } = waiting(many(20, 'a', 1, 90));
    expect(Math.max(...refused.values())).toBe(0);
  });

  it('of hundreds together holds a few workers at most, after a while', () => {
    const { all } = waiting(many(100, 'hog', 1, 1000));
    // Twice what is allowed, and each once as it begins.
    expect(all / 60).toBeLessThan(4 + 100 / 60);
  });

  it('is never refused to those who wait little, whatever others do', () => {
    const { refused, all } = waiting([...many(100, 'hog', 1, 1000), ...many(10, 'quick', 1, 10)]);
    for (const { name } of many(10, 'quick', 1, 10)) expect(refused.get(name)).toBe(0);
    expect(all / 60).toBeLessThan(4 + 100 / 60);
  });

  it('is allowed again to those who have not waited for some time', () => {
    const clock = new ManualClock();
    const waits = new Waits(RULES, clock);
    waits.waited('a', 30_000);
    waits.waited('b', 30_000);
    expect([waits.mayWait('a'), waits.mayWait('b'), waits.mayWait('c')]).toEqual([false, false, true]);
    clock.pass(20_000);
    expect([waits.mayWait('a'), waits.mayWait('b')]).toEqual([true, true]);
  });

  it('that is refused leaves the query under way: the next sync has the result', async () => {
    const clock = new ManualClock();
    let isAsked = false;
    let answer = (_: ReturnType<typeof json>) => {};
    const server = await serve(() => {
      isAsked = true;
      return new Promise(resolve => {
        answer = resolve;
      });
    });
    const fetcher = fetcherWith({ waits: { perSecond: 0 } }, {}, clock);
    const ask = () => fetcher.measure([request('a', { url: server.address })], { waitMs: 1000, now: NOW });
    expect(await ask()).toEqual(new Map());
    await until(() => isAsked);
    answer(json(1));
    await until(() => fetcher.load.remembered === 1);
    expect((await ask()).get('a')).toMatchObject({ value: 1 });
  });
});
