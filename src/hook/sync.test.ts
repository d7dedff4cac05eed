import { expect, it } from 'vitest';
import { spec, stepMetric } from '../../test/api/specs.js';
import type { MeasurementRequest } from '../fetch/measurement.js';
import type { SyncRequest } from '../metacontroller/hook.js';
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
async function run(request: SyncRequest) {
  const requests: MeasurementRequest[] = [];
  const measure = async (due: readonly MeasurementRequest[]) => {
    requests.push(...due);
    return new Map();
  };
  const answer = await createHook(SETTINGS, () => NOW, { fetcher: { measure }, waitMs: 0 }).sync(request);
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
