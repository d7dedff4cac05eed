import { dump } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import { answerSync } from '../../src/hook/sync.js';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { requestsOf } from './requests.js';
import {
  annotate,
  BASIC_STEPS,
  healthy,
  podsByImage,
  rolloutOf,
  stormService,
  untilPhase,
  untilStep,
  world,
} from './world.js';

const STRATEGIES: readonly ApplyStrategy[] = ['dynamic-apply', 'server-side-apply'];

describe('an answer', () => {
  it('to the same request is the same, byte for byte, and its order of objects does not matter', async () => {
    const sandbox = world();
    const requests = requestsOf(sandbox);
    const settings = { applyStrategy: 'dynamic-apply' } as const;
    await sandbox.apply(stormService({ replicas: 10, rolloutStrategy: { canary: { steps: BASIC_STEPS } } }));
    await untilPhase(sandbox, 'Healthy');
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(requests.length).toBeGreaterThan(10);
    for (const request of requests) {
      const now = sandbox.clock.now();
      const first = JSON.stringify(answerSync(request, now, settings));
      const backwards = Object.fromEntries(
        Object.entries(request.children)
          .reverse()
          .map(([kind, group]) => [kind, Object.fromEntries(Object.entries(group).reverse())]),
      );
      expect(JSON.stringify(answerSync(structuredClone(request), now, settings))).toBe(first);
      expect(JSON.stringify(answerSync({ ...request, children: backwards }, now, settings))).toBe(first);
    }
  });
});

describe.each(STRATEGIES)('at rest with %s', applyStrategy => {
  it.each<[string, object]>([
    ['a rolling update', {}],
    ['a canary', { rolloutStrategy: { canary: { steps: BASIC_STEPS } } }],
    ['blue-green', { rolloutStrategy: { blueGreen: {} } }],
    ['minReadySeconds and a Service of its own', { minReadySeconds: 2, service: { name: 'shop', labels: { a: 'b' } } }],
  ])('%s costs no write, over an hour of resyncs and events', async (_, spec) => {
    const sandbox = await healthy({ replicas: 4, ...spec }, { applyStrategy });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(1);
    if ('rolloutStrategy' in spec && 'canary' in (spec.rolloutStrategy as object)) {
      await untilPhase(sandbox, 'Paused');
      await annotate(sandbox, 'approve', 'true');
    }
    await untilPhase(sandbox, 'Healthy');
    await sandbox.advance(120);
    sandbox.metacontroller.restart();
    await sandbox.advance(5);
    const [writes, syncs] = [sandbox.writes.total, sandbox.metacontroller.syncs];
    for (let i = 0; i < 30; i++) {
      await sandbox.patch('my-app', { metadata: { labels: { touched: String(i) } } });
      await sandbox.advance(120);
    }
    expect(sandbox.metacontroller.syncs - syncs).toBeGreaterThanOrEqual(30);
    expect(sandbox.writes.total - writes).toBe(0);
  });

  it('a gate, a hold, an abort and a missed deadline cost none either', async () => {
    const canary = { steps: [{ setWeight: 50 }, { pause: true }] };
    const sandbox = await healthy(
      { replicas: 4, progressDeadlineSeconds: 60, rolloutStrategy: { canary } },
      { applyStrategy },
    );
    const rest = async () => {
      await sandbox.advance(130);
      const writes = sandbox.writes.total;
      for (let i = 0; i < 10; i++) {
        await sandbox.patch('my-app', { metadata: { labels: { touched: `${writes}-${i}` } } });
        await sandbox.advance(60);
      }
      expect(sandbox.writes.total - writes).toBe(0);
    };
    await sandbox.setImage('my-app', 'web', 'app:bad');
    await rest();
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await rest();
    await annotate(sandbox, 'pause', 'true');
    await rest();
    await annotate(sandbox, 'abort', 'true');
    await rest();
    expect(await rolloutOf(sandbox)).toMatchObject({ phase: 'Degraded' });
  });
});

describe('what a rollout costs', () => {
  it.each([1, 2, 3, 4, 5])('a canary of 5 with 20, 50 and 100 %%: at most 19 writes, seed %i', async seed => {
    for (const applyStrategy of STRATEGIES) {
      const canary = { steps: [{ setWeight: 20 }, { setWeight: 50 }, { setWeight: 100 }] };
      const sandbox = await healthy({ replicas: 5, rolloutStrategy: { canary } }, { seed, applyStrategy });
      await sandbox.advance(60);
      const before = sandbox.writes.total;
      await sandbox.setImage('my-app', 'web', 'app:2');
      await sandbox.advance(1);
      await untilPhase(sandbox, 'Healthy');
      await sandbox.advance(60);
      expect(await podsByImage(sandbox)).toEqual({ 'app:2': 5 });
      expect(sandbox.writes.total - before).toBeLessThanOrEqual(19);
    }
  });
});

describe('kubectl get stormservice my-app -o yaml | grep -A 20 rolloutStatus', () => {
  /** As kubectl prints it: keys sorted, long texts folded at 80 columns, managedFields left out. */
  async function shown(sandbox: Sandbox): Promise<string> {
    const object = (await sandbox.get(STORM_SERVICE, 'my-app'))!;
    const { managedFields: _, ...metadata } = object.metadata;
    const lines = dump({ ...object, metadata }, { sortKeys: true, lineWidth: 80 }).split('\n');
    const at = lines.findIndex(line => line.includes('rolloutStatus'));
    return lines.slice(at, at + 21).join('\n');
  }

  const FIELDS = ['phase:', 'message:', 'step:', 'canaryWeight:', 'stableRevision:', 'updatedRevision:'];

  it('shows phase, message, step, weights and revisions at every stage', async () => {
    const canary = { steps: BASIC_STEPS };
    const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary } });
    const check = async () => {
      const text = await shown(sandbox);
      for (const field of FIELDS) expect(text).toContain(field);
    };
    await check();
    await sandbox.setImage('my-app', 'web', 'app:2');
    await sandbox.advance(1);
    await check();
    await untilPhase(sandbox, 'Paused');
    await check();
    await annotate(sandbox, 'approve', 'true');
    await untilStep(sandbox, 3);
    await check();
    await annotate(sandbox, 'pause', 'true');
    await sandbox.advance(5);
    await check();
    await annotate(sandbox, 'abort', 'true');
    await sandbox.advance(60);
    await check();
  });

  it('of a missed deadline and of blue-green', async () => {
    const blueGreen = { autoPromotionEnabled: false };
    const sandbox = await healthy({
      replicas: 10,
      progressDeadlineSeconds: 30,
      progressDeadlineAbort: true,
      rolloutStrategy: { blueGreen },
    });
    await sandbox.setImage('my-app', 'web', 'app:bad');
    await sandbox.advance(120);
    const text = await shown(sandbox);
    for (const field of ['phase:', 'message:', 'step:', 'activeRevision:', 'stableRevision:', 'updatedRevision:']) {
      expect(text).toContain(field);
    }
  });
});

describe('hook version v1', () => {
  it('rolls out with its envelopes as well', async () => {
    const sandbox = await healthy(
      { replicas: 4, rolloutStrategy: { canary: { steps: BASIC_STEPS } } },
      { hookVersion: 'v1' },
    );
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Paused');
    await annotate(sandbox, 'approve', 'true');
    await untilPhase(sandbox, 'Healthy');
    expect(await podsByImage(sandbox)).toEqual({ 'app:2': 4 });
  });
});
