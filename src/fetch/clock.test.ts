import { expect, it } from 'vitest';
import { realClock } from './clock.js';

it('runs what is not cancelled, and moves forward', async () => {
  const began = realClock.now();
  const ran: string[] = [];
  realClock.after(0, () => void ran.push('cancelled'))();
  await new Promise<void>(resolve => void realClock.after(1, resolve));
  expect(ran).toEqual([]);
  expect(realClock.now()).toBeGreaterThan(began);
});
