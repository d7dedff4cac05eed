import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../time/virtualClock.js';
import { RetryLater, WorkQueue } from './workQueue.js';

function queueOf(work: (attempt: number) => Promise<void> = async () => undefined) {
  const clock = new VirtualClock(0);
  const times: number[] = [];
  const queue = new WorkQueue(clock, async () => {
    times.push(clock.now());
    await work(times.length);
  });
  return { clock, queue, times };
}

const never = () => false;

describe('WorkQueue', () => {
  it('works once on a key that is added often', async () => {
    const { clock, queue, times } = queueOf();
    queue.add('a', 20);
    queue.add('a', 5);
    queue.add('a');
    await clock.run(never, 100);
    expect(times).toEqual([20]);
  });

  it('works again on what is added during the work, and never twice at once', async () => {
    let working = 0;
    const { clock, queue, times } = queueOf(async attempt => {
      working += 1;
      expect(working).toBe(1);
      if (attempt === 1) queue.add('a');
      await Promise.resolve();
      working -= 1;
    });
    queue.add('a');
    await clock.run(never, 100);
    expect(times).toEqual([0, 0]);
  });

  it('retries after 5, 10, 20 … ms, and forgets failures after a success', async () => {
    const { clock, queue, times } = queueOf(async attempt => {
      if (attempt <= 4) throw new Error('no');
    });
    queue.add('a');
    await clock.run(never, 1000);
    expect(times).toEqual([0, 5, 15, 35, 75]);
    queue.add('a');
    await clock.run(never, 1000);
    expect(times.at(-1)).toBe(1000);
  });

  it('waits at most 1000 s between two tries', async () => {
    const { clock, queue, times } = queueOf(async () => {
      throw new Error('no');
    });
    queue.add('a');
    await clock.run(never, 10_000_000);
    expect((times.at(-1) ?? 0) - (times.at(-2) ?? 0)).toBe(1_000_000);
  });

  it('keeps the earliest of delayed additions, whatever happens in between', async () => {
    const { clock, queue, times } = queueOf();
    queue.addAfter('a', 10);
    queue.addAfter('a', 30);
    queue.addAfter('a', 5);
    queue.add('a');
    await clock.run(never, 100_000);
    expect(times).toEqual([0, 5000]);
  });

  it('tries later when told to, without counting a failure', async () => {
    const { clock, queue, times } = queueOf(async attempt => {
      if (attempt <= 2) throw new RetryLater(7);
    });
    queue.add('a');
    await clock.run(never, 100_000);
    expect(times).toEqual([0, 7000, 14000]);
  });
});
