import Fastify from 'fastify';
import { describe, expect, it } from 'vitest';
import { CallTurns, type Loop, takeTurns } from './callTurns.js';

/** An event loop that goes round when it is told to. What a call takes passes when it is its turn. */
class ManualLoop implements Loop {
  #now = 0;
  #immediates: (() => void)[] = [];
  readonly now = () => this.#now;
  readonly soon = (run: () => void) => void this.#immediates.push(run);

  pass(ms: number): void {
    this.#now += ms;
  }

  /** Once around; what a turn causes runs before the next one. */
  async round(): Promise<void> {
    const immediates = this.#immediates;
    this.#immediates = [];
    for (const run of immediates) {
      run();
      await Promise.resolve();
    }
  }
}

/** Calls enter in this order, each `[owner, milliseconds]`; who had turns in each round. */
async function rounds(
  turns: CallTurns,
  loop: ManualLoop,
  calls: readonly (readonly [string, number])[],
  count: number,
) {
  let granted: string[] = [];
  for (const [owner, ms] of calls) {
    void turns.enter(owner).then(() => {
      granted.push(owner);
      loop.pass(ms);
    });
  }
  await Promise.resolve();
  const all = [granted];
  for (let index = 1; index < count; index += 1) {
    granted = [];
    await loop.round();
    all.push(granted);
  }
  return all.filter(round => round.length > 0);
}

function started() {
  const loop = new ManualLoop();
  return { loop, turns: new CallTurns(loop) };
}

describe('calls', () => {
  it('of which there is one have their turn at once', async () => {
    const { loop, turns } = started();
    expect(await rounds(turns, loop, [['a', 30]], 1)).toEqual([['a']]);
  });

  it('that are short share a round', async () => {
    const { loop, turns } = started();
    const calls = Array.from({ length: 9 }, () => ['a', 1] as const);
    expect(await rounds(turns, loop, calls, 3)).toEqual([['a'], Array(8).fill('a')]);
  });

  it('that are long leave the event loop to all else in between', async () => {
    const { loop, turns } = started();
    const calls = Array.from({ length: 4 }, () => ['a', 30] as const);
    expect(await rounds(turns, loop, calls, 9)).toEqual([['a'], ['a'], ['a'], ['a']]);
  });

  it('of a namespace that has used little come before those of one that has used much', async () => {
    const { loop, turns } = started();
    const calls = [...Array.from({ length: 20 }, () => ['hog', 30] as const), ['b', 2], ['c', 2], ['b', 2]] as const;
    const [first, second] = await rounds(turns, loop, calls, 30);
    expect([first, second?.slice(0, 3)]).toEqual([['hog'], ['b', 'c', 'b']]);
  });

  it('of those who have used as much alternate', async () => {
    const { loop, turns } = started();
    const calls = [...Array(4).fill(['a', 12]), ...Array(4).fill(['b', 12])] as [string, number][];
    const order = (await rounds(turns, loop, calls, 20)).flat();
    expect(order.join('')).toBe('abababab');
  });

  it('of a namespace that has used much long ago do not wait longer than others', async () => {
    const { loop, turns } = started();
    await rounds(turns, loop, Array(10).fill(['a', 100]), 30);
    loop.pass(3_600_000);
    await rounds(turns, loop, [['b', 1]], 3);
    expect(
      await rounds(
        turns,
        loop,
        [
          ['c', 30],
          ['b', 2],
          ['a', 2],
        ],
        6,
      ),
    ).toEqual([['c'], ['a', 'b']]);
  });
});

it('a sync that has waited for its measurements takes its turn again', async () => {
  const { loop, turns } = started();
  const fetcher = turns.before({ measure: async () => new Map() });
  const request = { key: 'k', owner: 'b', metric: 'm', dueAt: 0, provider: {}, secrets: {} };
  const order: string[] = [];
  void turns.enter('a').then(() => loop.pass(30));
  void fetcher.measure([request], { waitMs: 1, now: 0 }).then(() => order.push('measured'));
  await new Promise(setImmediate);
  expect(order).toEqual([]);
  await loop.round();
  await loop.round();
  await new Promise(setImmediate);
  expect(order).toEqual(['measured']);
});

it('a request belongs to the namespace of its StormService, and one without takes turns too', async () => {
  const owners: string[] = [];
  const turns = new CallTurns();
  const enter = turns.enter.bind(turns);
  turns.enter = owner => {
    owners.push(owner);
    return enter(owner);
  };
  const app = Fastify();
  takeTurns(app, turns);
  app.post('/call', async () => 'done');
  const parent = { metadata: { namespace: 'shop' } };
  for (const payload of [
    { parent },
    { object: parent },
    { parent: 1 },
    [],
    { parent: { metadata: { namespace: 2 } } },
  ]) {
    expect((await app.inject({ method: 'POST', url: '/call', payload })).body).toBe('done');
  }
  expect(owners).toEqual(['shop', 'shop', '', '', '']);
});
