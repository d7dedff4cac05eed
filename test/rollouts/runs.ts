/** Analysis runs as status has them. */
import { toRfc3339 } from '../../src/schema/instant.js';
import type { AnalysisState, MetricState, Run } from '../../src/status/analysisRuns.js';

interface Written extends Partial<Run> {
  /** A running metric is due then. */
  readonly dueAt?: number;
}

/** One run with one metric, active unless `phase` says otherwise. */
export function runOf({ dueAt = Date.UTC(2026, 0, 1), ...given }: Written): Run {
  const { phase = 'Running' } = given;
  const metric: MetricState = { name: 'errors', phase, dueAt: toRfc3339(dueAt), measurements: [] };
  return {
    id: `${given.kind ?? 'step'}-1`,
    kind: 'step',
    revision: 'abc',
    phase,
    startedAt: '2025-12-31T23:00:00Z',
    metrics: [metric],
    ...given,
  };
}

export function analysisOf(...runs: readonly Written[]): AnalysisState {
  return { runs: runs.map(runOf) };
}
