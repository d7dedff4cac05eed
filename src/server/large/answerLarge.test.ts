import { readFileSync } from 'node:fs';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withDueMeasurement } from '../../../test/replicas/requests.js';
import { createHook } from '../../hook/hook.js';
import type { HookName } from '../../metacontroller/readRequest.js';
import { type Replica, ranked } from '../peers/replica.js';
import { answerLarge, type LargeCall } from './answerLarge.js';
import { remoteFetcher, serveMeasurements } from './measurements.js';

const settings = { applyStrategy: 'dynamic-apply' } as const;
const fixture = (name: string) => readFileSync(`test/fixtures/${name}.json`, 'utf8');

function task(hook: HookName, body: string, replicas: readonly Replica[] = []): LargeCall {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  return { hook, body: Uint8Array.from(Buffer.from(body)), settings, waitMs: 0, port: port2, replicas };
}

const textOf = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes));

describe('a large call', () => {
  it.each([
    ['sync', 'sync-canary-starting'],
    ['customize', 'customize'],
    ['decorate', 'decorate-approve'],
  ] as const)('of %s is answered as any other', async (hook, name) => {
    const body = fixture(name);
    const answered = await answerLarge(task(hook, body));
    const expected = await createHook(settings, Date.now)[hook](JSON.parse(body));
    expect('json' in answered && withoutTimes(textOf(answered.json))).toEqual(
      withoutTimes(JSON.parse(JSON.stringify(expected))),
    );
    expect(answered.parent?.metadata).toMatchObject({ name: 'my-app', namespace: 'default' });
  });

  it('tells what log and metrics say of a sync', async () => {
    expect(await answerLarge(task('sync', fixture('sync-canary-starting')))).toMatchObject({
      result: { isInvalidSpec: false, children: expect.any(Number), summary: { phase: expect.any(String) } },
    });
  });

  it.each([
    ['{', 'SR2001'],
    ['{"__proto__": 1}', 'SR2001'],
    ['{}', 'SR2002'],
    [`[${'[],'.repeat(200_001)}1]`, 'SR2012'],
  ])('%.20s is refused', async (body, code) => {
    expect(await answerLarge(task('sync', body))).toMatchObject({ ok: false, code });
  });

  describe('with several replicas', () => {
    const own: Replica = { address: '10.0.0.1', port: 80, own: true };
    const other: Replica = { address: '10.0.0.2', port: 80, own: false };
    const measuring = (uid: string) => JSON.stringify(withDueMeasurement(uid));

    it('is given back if another one measures for it', async () => {
      const body = measuring(uidOf(other, [own, other]));
      const answered = await answerLarge(task('sync', body, [own, other]));
      expect('delegated' in answered && new TextDecoder().decode(answered.delegated)).toBe(body);
      expect(answered.parent?.metadata).toMatchObject({ name: 'my-app', namespace: 'default' });
    });

    it.each([
      ['this one measures for it', measuring(uidOf(own, [own, other])), [own, other]],
      ['there is no other', measuring('a'), [own]],
      ['nothing is to be measured', fixture('sync-canary-starting'), [other]],
    ])('is answered if %s', async (_, body, replicas) => {
      const call = task('sync', body, replicas);
      expect(await answerLarge({ ...call, port: answering() })).toMatchObject({ ok: true, json: expect.anything() });
    });
  });

  it('that fails tells the cause without Secrets', async () => {
    const request = JSON.parse(fixture('sync-stable'));
    request.related = {
      'Secret.v1': {
        a: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, data: { key: btoa('hunter22') } },
      },
    };
    // A spec would be refused before it is read.
    request.children['Service.v1'].deep = {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'deep' },
      spec: 'DEEP',
    };
    request.parent.spec = {};
    // Too deep for the recursion that reads it.
    const deep = `${'{"hunter22":'.repeat(60_000)}1${'}'.repeat(60_000)}`;
    const answered = await answerLarge(task('sync', JSON.stringify(request).replace('"DEEP"', deep)));
    expect(answered).toMatchObject({ ok: false, cause: { type: 'RangeError' } });
    expect(JSON.stringify(answered)).not.toContain('hunter22');
  });
});

it('measurements are made in the thread that has the network', async () => {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  const provider = { web: { url: 'http://a' } };
  const request = { key: 'k', owner: 'shop', metric: 'm', dueAt: 7, provider, secrets: {} };
  const options = { waitMs: 5, now: 7 };
  serveMeasurements(port1, {
    measure: async (requests, given) => {
      expect([requests, given]).toEqual([[request], options]);
      return new Map([['k', { key: 'k', at: 8, outcome: 'value', value: Number.NaN }]]);
    },
  });
  const measured = await remoteFetcher(port2).measure([request], options);
  expect(measured.get('k')).toEqual({ key: 'k', at: 8, outcome: 'value', value: Number.NaN });
});

/** The port of a thread that measures nothing in time. */
function answering(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  serveMeasurements(port1, { measure: async () => new Map() });
  return port2;
}

/** One for which this replica is responsible. */
function uidOf(replica: Replica, replicas: readonly Replica[]): string {
  return Array.from({ length: 100 }, (_, index) => `uid-${index}`).find(uid => ranked(uid, replicas)[0] === replica)!;
}

/** Both calls read the clock. */
function withoutTimes(answered: unknown): unknown {
  return JSON.parse(JSON.stringify(answered).replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME'));
}
