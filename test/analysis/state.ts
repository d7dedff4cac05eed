/** Analyses of a rollout, and answers to what they measure. */
import {
  type AnalysisContext,
  type AnalysisState,
  dueMeasurements,
  ensureRun,
  type Purpose,
  type Source,
  takeMeasurements,
  withinBounds,
} from '../../src/analysis/analysis.js';
import type { HistoryLimits } from '../../src/analysis/runs/bounds.js';
import type { AnalysisRef, AutoRollback } from '../../src/api/spec.js';
import type { MeasurementResult } from '../../src/fetch/measurement.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import type { Instant } from '../../src/schema/instant.js';
import type { Json } from '../../src/schema/json.js';
import { writeAnalysisState as storedAnalysis } from '../../src/status/analysisRuns.js';
import { readStatus } from '../../src/status/status.js';

export const START = Date.parse('2026-01-01T00:00:00Z');
/** The StormService. */
export const parent: KubeObject = {
  apiVersion: 'v1',
  kind: 'StormService',
  metadata: { name: 'app', namespace: 'shop', uid: 'u' },
};
export const context: AnalysisContext = { parent, related: {}, stableRevision: 'old', latestRevision: 'new' };
export const step: Purpose = { kind: 'step', revision: 'new', step: 1 };
export const background: Purpose = { kind: 'background', revision: 'new' };
export const health: Purpose = { kind: 'healthCheck', revision: 'new' };
export const nothing: AnalysisState = { runs: [] };
/** From a stored status. */
export const readAnalysisState = (status: unknown) => readStatus(status).analysis;
export const writeAnalysisState = (state: AnalysisState, limits?: HistoryLimits) =>
  storedAnalysis(withinBounds(state, limits));

export const provider = { prometheus: { address: 'http://p:9090', query: 'up' } };
export const conditions = { successCondition: 'result == 1', failureCondition: 'result == 2' };
/** An analysis with these metrics. */
export const inline = (...metrics: AnalysisRef['metrics']): Source => ({
  analysis: { templates: [], args: [], metrics },
  path: 'analysis',
});
/** One measurement. */
export const once = inline({ name: 'm', ...conditions, provider });
/** A measurement every 10 s. */
export const always = inline({ name: 'b', interval: '10s', ...conditions, provider });
export const checks: Source = {
  healthChecks: [
    {
      name: 'h',
      interval: 10,
      timeout: 5,
      failureThreshold: 2,
      http: { url: 'http://app/ok', method: 'GET', expectedStatus: [200, 204] },
    },
  ],
  path: 'autoRollback.healthChecks',
};
export const rules: AutoRollback = {
  enabled: true,
  onAnalysisFailure: true,
  onHealthCheckFailure: true,
  healthChecks: [],
  bakeSeconds: 0,
};

/** The state with the run of a purpose, which must not be refused. */
export function ensure(state: AnalysisState, purpose: Purpose, source: Source, now: Instant = START): AnalysisState {
  const ensured = ensureRun(state, purpose, source, context, now);
  if (!ensured.ok) throw new Error(JSON.stringify(ensured.problems));
  return ensured.state;
}

/** Answers everything that is due, by metric. */
export function answer(
  state: AnalysisState,
  values: Readonly<Record<string, Json | Error>>,
  now: Instant = START,
): AnalysisState {
  const { requests } = dueMeasurements(state.runs, context, now);
  const results = requests.flatMap(({ key, metric }): MeasurementResult[] => {
    const value = values[metric];
    if (value === undefined) return [];
    if (value instanceof Error) return [{ key, at: now, outcome: 'error', message: value.message }];
    return [{ key, at: now, outcome: 'value', value }];
  });
  return takeMeasurements(state, 'u', new Map(results.map(result => [result.key, result])), now);
}
