import { expect, it } from 'vitest';
import { realClock } from './clock.js';
import { defaultFetchSettings } from './settings.js';
import { Targets } from './targets.js';

const never = new AbortController().signal;

const targets = () => new Targets(defaultFetchSettings, realClock);

it('knows a target by who asks, by its origin and by whom it trusts', () => {
  const subject = targets();
  const target = subject.of('shop', { url: 'http://a.example/x?y' });
  expect(subject.of('shop', { url: 'http://A.example:80/z' })).toBe(target);
  for (const other of [
    { url: 'https://a.example/' },
    { url: 'http://a.example:8080/' },
    { url: 'http://a.example/', tls: { insecure: true } },
    { url: 'http://a.example/', tls: { ca: 'mine' } },
    { url: 'http://a.example/', wants: 'status' as const },
  ]) {
    expect(subject.of('shop', other)).not.toBe(target);
  }
  expect(subject.of('bank', { url: 'http://a.example/' })).not.toBe(target);
});

it('forgets the one that was used least lately', () => {
  const subject = targets();
  const first = subject.of('shop', { url: 'http://first.example/' });
  const second = subject.of('shop', { url: 'http://second.example/' });
  for (let index = 0; index < 999; index++) subject.of('shop', { url: `http://${index}.example/` });
  expect(subject.of('shop', { url: 'http://second.example/' })).toBe(second);
  expect(subject.of('shop', { url: 'http://first.example/' })).not.toBe(first);
});

it('never forgets one that is being asked', async () => {
  const subject = targets();
  const request = { method: 'GET', url: 'http://busy.example/' } as const;
  const busy = subject.of('shop', request);
  const { promise, resolve } = deferred();
  const exchange = busy.exchange(1000, never, () => promise);
  for (let index = 0; index < 1100; index++) subject.of('shop', { url: `http://${index}.example/` });
  expect(subject.of('shop', request)).toBe(busy);
  resolve({ status: 200, body: '' });
  await exchange;
});

function deferred() {
  let resolve: (response: { status: number; body: string }) => void = () => undefined;
  const promise = new Promise<{ status: number; body: string }>(done => {
    resolve = done;
  });
  return { promise, resolve };
}
