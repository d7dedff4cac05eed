import { expect, it } from 'vitest';
import { QueryError } from '../providers/queryError.js';
import { realClock } from './clock.js';
import { silent } from './observer.js';
import { defaultFetchSettings } from './settings.js';
import { Targets } from './targets.js';

const never = new AbortController().signal;

function targets(changes: string[] = []) {
  const settings = { ...defaultFetchSettings, breaker: { failures: 1, openMs: 1000 } };
  const observer = {
    ...silent,
    breakerChanged: (target: string, state: string) => void changes.push(`${target} ${state}`),
  };
  return new Targets(settings, observer, realClock);
}

it('knows a target by its origin and by whom it trusts', () => {
  const subject = targets();
  const target = subject.of({ url: 'http://a.example/x?y' });
  expect(subject.of({ url: 'http://A.example:80/z' })).toBe(target);
  for (const other of [
    { url: 'https://a.example/' },
    { url: 'http://a.example:8080/' },
    { url: 'http://a.example/', tls: { insecure: true } },
    { url: 'http://a.example/', tls: { ca: 'mine' } },
    { url: 'http://a.example/', wants: 'status' as const },
  ]) {
    expect(subject.of(other)).not.toBe(target);
  }
});

it('forgets the one that was used least lately, and closes its breaker', async () => {
  const changes: string[] = [];
  const subject = targets(changes);
  const request = { method: 'GET', url: 'http://first.example/' } as const;
  const first = subject.of(request);
  const failing = () => Promise.reject(new QueryError('unreachable', 'no'));
  await expect(first.exchange(request, never, failing)).rejects.toThrow('no');
  const second = subject.of({ url: 'http://second.example/' });
  for (let index = 0; index < 999; index++) subject.of({ url: `http://${index}.example/` });
  expect(changes).toEqual(['http://first.example open', 'http://first.example closed']);
  expect(subject.of({ url: 'http://second.example/' })).toBe(second);
  expect(subject.of({ url: 'http://first.example/' })).not.toBe(first);
});

it('tells no secret that a host is named by', async () => {
  const changes: string[] = [];
  const request = { method: 'GET', url: 'http://Se-cret.example/' } as const;
  const target = targets(changes).of(request, { 'args.host': 'Se-cret' });
  await expect(
    target.exchange(request, never, () => Promise.reject(new QueryError('unreachable', 'no'))),
  ).rejects.toThrow();
  expect(changes).toEqual(['http://***.example open']);
});

it('never forgets one that is being asked', async () => {
  const subject = targets();
  const request = { method: 'GET', url: 'http://busy.example/' } as const;
  const busy = subject.of(request);
  const { promise, resolve } = deferred();
  const exchange = busy.exchange(request, never, () => promise);
  for (let index = 0; index < 1100; index++) subject.of({ url: `http://${index}.example/` });
  expect(subject.of(request)).toBe(busy);
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
