import { readFileSync } from 'node:fs';
import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createHook } from '../../hook/hook.js';
import type { HookName } from '../../metacontroller/readRequest.js';
import { answerLarge, type LargeCall } from './answerLarge.js';
import { remoteFetcher, serveMeasurements } from './measurements.js';

const settings = { applyStrategy: 'dynamic-apply' } as const;
const fixture = (name: string) => readFileSync(`test/fixtures/${name}.json`, 'utf8');

function task(hook: HookName, body: string): LargeCall {
  const { port1, port2 } = new MessageChannel();
  onTestFinished(() => port1.close());
  return { hook, body: Uint8Array.from(Buffer.from(body)), settings, waitMs: 0, port: port2 };
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
    expect(answered.ok && withoutTimes(textOf(answered.json))).toEqual(
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

/** Both calls read the clock. */
function withoutTimes(answered: unknown): unknown {
  return JSON.parse(JSON.stringify(answered).replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME'));
}
