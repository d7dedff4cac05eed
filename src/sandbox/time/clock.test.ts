import { describe, expect, it } from 'vitest';
import type { Clock } from './clock.js';
import { RealClock } from './realClock.js';
import { VirtualClock } from './virtualClock.js';

const CLOCKS: readonly (readonly [string, () => Clock])[] = [
  ['virtual', () => new VirtualClock()],
  ['real, a thousand times faster', () => new RealClock(1000)],
];

describe.each(CLOCKS)('the %s clock', (_, make) => {
  it('runs tasks when they are due, also those that a task schedules', async () => {
    const clock = make();
    const start = clock.now();
    const ran: string[] = [];
    clock.schedule(20_000, () => {
      ran.push('second');
      clock.schedule(10_000, () => void ran.push('third'));
    });
    clock.schedule(5000, async () => void ran.push('first'));
    expect(await clock.run(() => ran.length === 3, 120_000)).toBe(true);
    expect(ran).toEqual(['first', 'second', 'third']);
    expect(clock.now() - start).toBeGreaterThanOrEqual(30_000);
    clock.stop();
  });

  it('says when time is over before the condition holds', async () => {
    const clock = make();
    const start = clock.now();
    expect(await clock.run(() => false, 10_000)).toBe(false);
    expect(clock.now() - start).toBeGreaterThanOrEqual(9000);
    clock.stop();
  });

  it('does not run what was cancelled or stopped', async () => {
    const clock = make();
    const ran: string[] = [];
    clock.schedule(1000, () => void ran.push('cancelled'))();
    clock.schedule(15_000, () => void ran.push('stopped'));
    await clock.run(() => false, 5000);
    clock.stop();
    await clock.run(() => false, 20_000);
    expect(ran).toEqual([]);
  });

  it('hands on what a task throws, to whoever waits', async () => {
    const clock = make();
    clock.schedule(10, () => Promise.reject(new Error('broken task')));
    await expect(clock.run(() => false, 10_000)).rejects.toThrow('broken task');
    clock.stop();
  });

  it('hands on what the condition throws', async () => {
    const clock = make();
    await expect(clock.run(() => Promise.reject(new Error('broken')), 10)).rejects.toThrow('broken');
    clock.stop();
  });
});
