import { describe, expect, it } from 'vitest';
import { childrenOf } from '../../../test/fakeHook.js';
import { failures, startedSandbox } from '../../../test/startedSandbox.js';
import { SERVICE } from '../../metacontroller/children.js';
import type { SyncAnswer } from '../../metacontroller/hook.js';
import { RetryLater } from './workQueue.js';

describe('the hook', () => {
  it('is called 20 ms or so after a change, with the annotation and its managedFields', async () => {
    const { sandbox, hook } = await startedSandbox();
    const [before, at] = [hook.requests.length, sandbox.clock.now()];
    await sandbox.annotate('my-app', 'aibrix.io/rollout-approve', 'true');
    await sandbox.runUntil(() => hook.requests.length > before, 1);
    expect(sandbox.clock.now() - at).toBeLessThanOrEqual(30);
    const { metadata } = hook.requests.at(-1)!.parent;
    expect(metadata.annotations).toHaveProperty(['aibrix.io/rollout-approve'], 'true');
    expect(metadata.managedFields?.map(({ manager }) => manager)).toContain('kubectl-annotate');
  });

  it('changes nothing when it fails, and is called again with back-off', async () => {
    const { sandbox, hook } = await startedSandbox();
    hook.answer = () => Promise.reject(new Error('status 500'));
    const [writes, calls] = [sandbox.writes.total, hook.requests.length];
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(10);
    expect(sandbox.writes.total).toBe(writes);
    expect(hook.requests.length - calls).toBeGreaterThanOrEqual(10);
    expect(hook.requests.length - calls).toBeLessThanOrEqual(13);
  });

  it('is called later when it says so', async () => {
    const { sandbox, hook } = await startedSandbox();
    hook.answer = () => Promise.reject(new RetryLater(30));
    const calls = hook.requests.length;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(95);
    expect(hook.requests.length - calls).toBe(4);
  });

  it('is called again after resyncAfterSeconds, fractions allowed', async () => {
    const { sandbox, hook } = await startedSandbox();
    hook.answer = ({ parent }) => ({ status: {}, children: childrenOf(parent), resyncAfterSeconds: 0.5 });
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    const calls = hook.requests.length;
    await sandbox.advance(10);
    expect(hook.requests.length - calls).toBe(20);
  });

  it.each<[string, SyncAnswer, RegExp]>([
    [
      'a field that Metacontroller does not know',
      { status: {}, children: [], more: 1 } as SyncAnswer,
      /unknown field more/,
    ],
    [
      'a label that is not a string',
      {
        status: { broken: true },
        children: [
          {
            apiVersion: 'v1',
            kind: 'Service',
            metadata: { name: 'x', labels: JSON.parse('{"on": true}') },
          },
        ],
      },
      /invalid labels on Service default\/x: on/,
    ],
  ])('answers %s: nothing is applied and no status is written', async (_, answer, message) => {
    const { sandbox, hook } = await startedSandbox();
    const writes = sandbox.writes.total;
    hook.answer = () => answer;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    expect(sandbox.writes.total).toBe(writes);
    expect(await sandbox.get(SERVICE, 'my-app')).toBeDefined();
    expect(failures(sandbox).at(-1)).toMatch(message);
  });

  it('of version 1 may answer more, and sees names without a namespace', async () => {
    const { sandbox, hook } = await startedSandbox({ hookVersion: 'v1' });
    hook.answer = ({ parent }) => ({ status: {}, children: childrenOf(parent), more: 1 }) as SyncAnswer;
    await sandbox.annotate('my-app', 'any', 'x');
    await sandbox.advance(1);
    expect(failures(sandbox)).toEqual([]);
    expect(Object.keys(hook.requests.at(-1)?.children['Service.v1'] ?? {})).toEqual(['my-app']);
  });

  it('cannot change what it is given', async () => {
    const { hook } = await startedSandbox();
    const { parent } = hook.requests.at(-1)!;
    expect(() => Object.assign(parent.metadata, { name: 'other' })).toThrow(TypeError);
  });
});
