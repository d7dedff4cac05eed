import { describe, expect, it, vi } from 'vitest';
import { spec, stepMetric } from '../../test/api/specs.js';
import type { MeasurementRequest } from '../fetch/measurement.js';
import type { Delegate, SyncAnswer, SyncRequest } from '../metacontroller/hook.js';
import type { JsonObject } from '../schema/json.js';
import { createHook } from './hook.js';
import { answerSync } from './sync.js';

const NOW = Date.UTC(2026, 0, 1);
const SETTINGS = { applyStrategy: 'dynamic-apply' } as const;

/** A StormService whose status has a measurement that is due. */
function measured(written: object): SyncRequest {
  const metric = { name: 'errors', phase: 'Running', measurements: [], dueAt: '2025-12-31T23:59:00Z' };
  const provider = { prometheus: { address: 'http://prometheus:9090', query: 'up' } };
  const run = {
    id: 'background.new',
    kind: 'background',
    revision: 'new',
    phase: 'Running',
    startedAt: '2025-12-31T23:59:00Z',
    metrics: [metric],
    pinned: [{ name: 'errors', provider }],
  };
  return {
    parent: {
      apiVersion: 'orchestration.aibrix.io/v1alpha1',
      kind: 'StormService',
      metadata: { name: 'my-app', namespace: 'default', uid: 'u' },
      spec: written as JsonObject,
      status: { analysisRuns: [run] },
    },
    children: {},
  } as SyncRequest;
}

/** The metrics that were queried, and the hook's response. */
async function run(request: SyncRequest, delegate?: Delegate) {
  const requests: MeasurementRequest[] = [];
  const measure = async (due: readonly MeasurementRequest[]) => {
    requests.push(...due);
    return new Map();
  };
  const answer = await createHook(SETTINGS, () => NOW, { fetcher: { measure }, waitMs: 0 }).sync(request, delegate);
  return { metrics: requests.map(({ metric }) => metric), answer };
}

it('makes due measurements before it decides', async () => {
  const request = measured(stepMetric({}));
  const { metrics, answer } = await run(request);
  expect(metrics).toEqual(['errors']);
  expect(answer).toEqual(answerSync(request, NOW, SETTINGS));
});

it('measures nothing for a StormService whose spec is invalid', async () => {
  const { metrics, answer } = await run(measured(spec({ replicas: -1 })));
  expect(metrics).toEqual([]);
  expect(answer).toMatchObject({ status: { rolloutStatus: { phase: 'Degraded' } } });
});

describe('with several replicas', () => {
  const theirs: SyncAnswer = { status: { by: 'another replica' }, children: [] };
  const withoutDue = () => {
    const request = measured(stepMetric({}));
    return { ...request, parent: { ...request.parent, status: {} } } as SyncRequest;
  };

  it('the answer of the responsible one is given as it is, and nothing is measured here', async () => {
    const { metrics, answer } = await run(measured(stepMetric({})), async () => theirs);
    expect(metrics).toEqual([]);
    expect(answer).toBe(theirs);
  });

  it('what no other answers is measured here', async () => {
    const request = measured(stepMetric({}));
    const delegate = vi.fn(async () => undefined);
    const { metrics, answer } = await run(request, delegate);
    expect(delegate).toHaveBeenCalledTimes(1);
    expect(metrics).toEqual(['errors']);
    expect(answer).toEqual(answerSync(request, NOW, SETTINGS));
  });

  it.each([
    ['nothing is due', withoutDue()],
    ['the spec is invalid', measured(spec({ replicas: -1 }))],
  ])('no other is asked when %s', async (_, request) => {
    const delegate = vi.fn(async () => theirs);
    const { answer } = await run(request, delegate);
    expect(delegate).not.toHaveBeenCalled();
    expect(answer).toEqual(answerSync(request, NOW, SETTINGS));
  });

  it('no other is asked by a hook that measures nothing', async () => {
    const delegate = vi.fn(async () => theirs);
    await createHook(SETTINGS, () => NOW).sync(measured(stepMetric({})), delegate);
    expect(delegate).not.toHaveBeenCalled();
  });
});
