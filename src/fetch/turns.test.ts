import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../test/analysis/manualClock.js';
import { Turns } from './turns.js';

const never = new AbortController().signal;
const plenty = { atOnce: 1000, perSecond: 1 };

/** Work of so many milliseconds by the clock, in the order in which it was done. */
function world(rules = { each: plenty, all: plenty }) {
  const clock = new ManualClock();
  const turns = new Turns(rules, clock);
  const done: string[] = [];
  const ask = (owner: string, ms: number, signal = never) =>
    turns.take(owner, signal, () => {
      clock.spend(ms);
      done.push(owner);
      return owner;
    });
  return { clock, turns, done, ask };
}

describe('a turn', () => {
  it('comes at once if nobody has just had one', async () => {
    const { ask, done } = world();
    const result = ask('a', 0.5);
    expect(done).toEqual(['a']);
    expect(await result).toBe('a');
  });

  it('comes after a pause otherwise: the event loop belongs to others as well', () => {
    const { ask, clock, done } = world();
    for (const owner of ['a', 'a', 'a']) void ask(owner, 10);
    expect(done).toEqual(['a']);
    clock.pass(0);
    expect(done).toEqual(['a', 'a']);
    clock.pass(0);
    expect(done).toEqual(['a', 'a', 'a']);
  });

  it('is that of who has used least, whoever came first', () => {
    const { ask, clock, done } = world();
    for (const owner of ['a', 'a', 'a', 'b', 'c']) void ask(owner, 10);
    clock.pass(100);
    expect(done).toEqual(['a', 'b', 'c', 'a', 'a']);
  });

  it('passes on what the work throws', async () => {
    const { turns, ask } = world();
    const work = () => {
      throw new Error('unreadable');
    };
    await expect(turns.take('a', never, work)).rejects.toThrow('unreadable');
    expect(await ask('a', 1)).toBe('a');
  });

  it('is not waited for when nobody wants it any more', async () => {
    const { ask, clock, done } = world();
    const leaving = new AbortController();
    void ask('a', 10);
    const left = ask('a', 10, leaving.signal);
    void ask('b', 10);
    leaving.abort(new Error('gone'));
    await expect(left).rejects.toThrow('gone');
    await expect(ask('c', 10, leaving.signal)).rejects.toThrow('gone');
    clock.pass(100);
    expect(done).toEqual(['a', 'b']);
  });
});

describe('a share', () => {
  const each = { atOnce: 20, perSecond: 20 };

  it('that is used up comes back in time', () => {
    const { ask, clock, done } = world({ each, all: plenty });
    for (let index = 0; index < 4; index++) void ask('a', 12);
    clock.pass(10);
    expect(done).toHaveLength(2);
    clock.pass(300);
    expect(done).toHaveLength(3);
    clock.pass(1000);
    expect(done).toHaveLength(4);
  });

  it('of one owner does not keep another waiting', () => {
    const { ask, clock, done } = world({ each, all: plenty });
    for (let index = 0; index < 9; index++) void ask('a', 12);
    clock.pass(10);
    void ask('b', 1);
    clock.pass(1);
    expect(done).toEqual(['a', 'a', 'b']);
  });

  it('of all goes to who needs little first, also if that owner has had turns', () => {
    const { ask, clock, done } = world({ each, all: { atOnce: 10, perSecond: 100 } });
    const heavy = () => {
      for (let index = 0; index < 20; index++) void ask(`heavy-${index}`, 20);
    };
    heavy();
    for (let round = 0; round < 20; round++) {
      clock.pass(1000);
      heavy();
      const before = done.length;
      void ask('light', 1);
      clock.pass(200);
      const since = done.slice(before);
      // Until all have had a turn, nobody is known to need much.
      if (round > 5) expect(since[0]).toBe('light');
    }
  });
});

it('whatever is asked is done, and never more than the shares allow', () => {
  const asked = fc.record({ owner: fc.constantFrom('a', 'b', 'c'), ms: fc.nat(15), afterMs: fc.nat(40) });
  fc.assert(
    fc.property(fc.array(asked, { maxLength: 40 }), all => {
      const clock = new ManualClock();
      const each = { atOnce: 20, perSecond: 20 };
      const turns = new Turns({ each, all: { atOnce: 20, perSecond: 50 } }, clock);
      const start = clock.now();
      const used = new Map<string, number>();
      const use = (name: string, ms: number, perSecond: number) => {
        const before = used.get(name) ?? 0;
        expect(before).toBeLessThanOrEqual(20 + 15 + ((clock.now() - start) * perSecond) / 1000);
        used.set(name, before + ms);
      };
      let done = 0;
      for (const { owner, ms, afterMs } of all) {
        void turns.take(owner, never, () => {
          use(owner, ms, 20);
          use('all', ms, 50);
          clock.spend(ms);
          done += 1;
        });
        clock.pass(afterMs);
      }
      clock.pass(60_000);
      expect(done).toBe(all.length);
    }),
  );
});
