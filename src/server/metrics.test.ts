import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { http, pausedStatus, startTestServer } from '../../test/testServer.js';
import type { SyncRequest } from '../metacontroller/hook.js';
import { createMetrics } from './metrics.js';

function withName(name: string, extra: object = {}): SyncRequest {
  const request = fixture('sync-first');
  return { ...request, parent: { ...request.parent, metadata: { ...request.parent.metadata, name, ...extra } } };
}

/** A server with a clock that the test sets. */
async function scene(env: Readonly<Record<string, string>> = {}) {
  const clock = { now: 1_000_000 };
  const answers: { status: Record<string, unknown> } = { status: pausedStatus };
  const server = await startTestServer({
    env,
    now: () => clock.now,
    hook: { sync: async () => ({ status: answers.status, children: [] }) },
  });
  return {
    clock,
    answers,
    sync: (request: object) => http(server).post('/sync').send(request),
    async series(pattern: RegExp) {
      const { text } = await http(server).get('/metrics');
      return text.split('\n').filter(line => !line.startsWith('#') && pattern.test(line));
    },
  };
}

describe('GET /metrics', () => {
  it('shows phase, step, weights and last sync of a rollout', async () => {
    const { sync, series } = await scene();
    await sync(fixture('sync-first'));
    expect(await series(/stormservice_rollout_/)).toEqual([
      'stormservice_rollout_phase{namespace="default",name="my-app",phase="Healthy"} 0',
      'stormservice_rollout_phase{namespace="default",name="my-app",phase="Progressing"} 0',
      'stormservice_rollout_phase{namespace="default",name="my-app",phase="Paused"} 1',
      'stormservice_rollout_phase{namespace="default",name="my-app",phase="Degraded"} 0',
      'stormservice_rollout_last_sync_timestamp_seconds{namespace="default",name="my-app"} 1000',
      'stormservice_rollout_step_index{namespace="default",name="my-app"} 1',
      'stormservice_rollout_canary_weight{namespace="default",name="my-app"} 10',
      'stormservice_rollout_observed_weight{namespace="default",name="my-app"} 10',
    ]);
  });

  it('reports why a revision is rolled back, while it is', async () => {
    const { sync, series, answers } = await scene();
    answers.status = {
      rolloutStatus: { phase: 'Degraded', abort: { reason: 'AnalysisFailed', message: 'm', at: 'a' } },
    };
    await sync(fixture('sync-first'));
    expect(await series(/aborted/)).toEqual([
      'stormservice_rollout_aborted{namespace="default",name="my-app",reason="AnalysisFailed"} 1',
    ]);
    answers.status = { rolloutStatus: { phase: 'Progressing' } };
    await sync(fixture('sync-first'));
    expect(await series(/aborted/)).toEqual([]);
  });

  it('omits what a rollout does not have', async () => {
    const { sync, series, answers } = await scene();
    answers.status = { rolloutStatus: { phase: 'Healthy', currentStepIndex: 'three' } };
    await sync(fixture('sync-first'));
    expect(await series(/stormservice_rollout_(step|canary|observed|aborted)/)).toEqual([]);
    answers.status = { replicas: 1 };
    await sync(fixture('sync-first'));
    expect(await series(/stormservice_rollout_/)).toEqual([]);
  });

  it('drops a StormService without a sync for METRICS_TTL, and one that is being deleted', async () => {
    const { sync, series, clock } = await scene({ METRICS_TTL: '10s' });
    await sync(withName('a'));
    clock.now += 6000;
    await sync(withName('b'));
    clock.now += 5000;
    expect(await series(/last_sync/)).toEqual([expect.stringContaining('name="b"')]);
    await sync(withName('b', { deletionTimestamp: '2026-01-01T00:00:00Z' }));
    expect(await series(/last_sync/)).toEqual([]);
  });

  it('keeps the METRICS_MAX_STORMSERVICES most recently synced StormServices', async () => {
    const { sync, series } = await scene({ METRICS_MAX_STORMSERVICES: '2' });
    for (const name of ['a', 'b', 'a', 'c']) await sync(withName(name));
    const names = (await series(/last_sync/)).map(line => /name="(\w)"/.exec(line)?.[1]);
    expect(names).toEqual(['a', 'c']);
  });

  it('counts syncs by outcome, errors by code, and times every hook', async () => {
    const { sync, series, answers } = await scene();
    await sync(fixture('sync-first'));
    answers.status = { conditions: [{ type: 'InvalidSpec', status: 'True' }] };
    await sync(fixture('sync-first'));
    await sync({ parent: {} });
    expect(await series(/^hook_sync_total/)).toEqual([
      'hook_sync_total{outcome="ok"} 1',
      'hook_sync_total{outcome="invalid_spec"} 1',
      'hook_sync_total{outcome="refused"} 1',
      'hook_sync_total{outcome="failed"} 0',
      'hook_sync_total{outcome="gone"} 0',
    ]);
    expect(await series(/^hook_errors_total/)).toEqual(['hook_errors_total{hook="sync",code="SR2002"} 1']);
    expect(await series(/^hook_duration_seconds_count/)).toEqual(['hook_duration_seconds_count{hook="sync"} 3']);
  });

  it('counts an internal error as failed', async () => {
    const server = await startTestServer({ hook: { sync: () => Promise.reject(new Error('no')) } });
    await http(server).post('/sync').send(fixture('sync-first'));
    expect((await http(server).get('/metrics')).text).toContain('hook_sync_total{outcome="failed"} 1');
  });

  it('reports the running version', async () => {
    const { series } = await scene();
    expect(await series(/build_info/)).toEqual([
      `stormservice_rollouts_build_info{version="1.2.3",node="${process.version}"} 1`,
    ]);
  });

  it('writes label values as the text format asks', async () => {
    const { sync, series, answers } = await scene();
    answers.status = { rolloutStatus: { phase: 'Degraded', abort: { reason: 'a"b\\c\nd', message: '', at: '' } } };
    await sync(fixture('sync-first'));
    expect(await series(/aborted/)).toEqual([
      'stormservice_rollout_aborted{namespace="default",name="my-app",reason="a\\"b\\\\c\\nd"} 1',
    ]);
  });

  it('takes little time for thousands of StormServices', () => {
    const metrics = createMetrics({ now: () => 0, version: '1', ttl: 1000, maxStormServices: 20_000 });
    const summary = { phase: 'Paused', currentStepIndex: 1, canaryWeight: 10, observedWeight: 10 } as const;
    const { parent } = fixture('sync-first');
    for (let index = 0; index < 20_000; index++) {
      metrics.rollouts.seen({ ...parent, metadata: { ...parent.metadata, name: `my-app-${index}` } }, summary);
    }
    metrics.rollouts.expose();
    const before = process.cpuUsage();
    const text = metrics.rollouts.expose();
    const { user, system } = process.cpuUsage(before);
    expect(text.split('\n')).toHaveLength(20_000 * 8 + 6 * 2 + 6);
    expect((user + system) / 1000).toBeLessThan(1000);
  });

  it('is one registry per server', async () => {
    const options = { now: () => 0, ttl: 1, maxStormServices: 1, version: '1' };
    const [first, second] = [createMetrics(options), createMetrics(options)];
    first.called('sync', 'ok', 0.1);
    expect(await second.registry.metrics()).toContain('hook_sync_total{outcome="ok"} 0');
  });
});
