import { expect, it } from 'vitest';
import { Slots } from './slots.js';

const never = new AbortController().signal;

it('hands slots on in order', async () => {
  const slots = new Slots(1);
  const order: number[] = [];
  const first = await slots.acquire(never);
  const others = [1, 2].map(async number => {
    const release = await slots.acquire(never);
    order.push(number);
    release();
  });
  expect(slots.waiting).toBe(2);
  first();
  await Promise.all(others);
  expect(order).toEqual([1, 2]);
  expect(slots.waiting).toBe(0);
});

it('forgets who no longer waits, and loses no slot by it', async () => {
  const slots = new Slots(1);
  const release = await slots.acquire(never);
  const leaving = new AbortController();
  const left = slots.acquire(leaving.signal);
  leaving.abort(new Error('gone'));
  await expect(left).rejects.toThrow('gone');
  release();
  expect(await slots.acquire(never)).toBeTypeOf('function');
});

it('takes a slot back once, however often it is given', async () => {
  const slots = new Slots(1);
  const release = await slots.acquire(never);
  release();
  release();
  await slots.acquire(never);
  const second = slots.acquire(AbortSignal.abort(new Error('full')));
  await expect(second).rejects.toThrow('full');
  const leaving = new AbortController();
  const third = slots.acquire(leaving.signal);
  expect(slots.waiting).toBe(1);
  leaving.abort(new Error('done'));
  await expect(third).rejects.toThrow('done');
});
