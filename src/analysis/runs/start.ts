import { checkEnds } from '../../api/analysis/metricChecks.js';
import { hash } from '../../schema/hash.js';
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import { Place } from '../../schema/place.js';
import type { Problem, Result } from '../../schema/problem.js';
import type { MetricState, Purpose, Run, RunKind } from '../../status/analysisRuns.js';
import { type Metric, pinMetric } from '../metric.js';
import type { Resolved } from '../templates/resolve.js';
import { footprint } from './bounds.js';

/** Bytes that the runs under way need for what they measure and count; the rest of the 64 KiB is for history. */
export const MAX_RUNNING_BYTES = 48 * 1024;

/** These go on until the rollout ends them; all others must end by themselves, or the rollout would wait for ever. */
const endless: ReadonlySet<RunKind> = new Set(['background', 'healthCheck']);

/** A new run, due at once or after its metrics' initial delays. `path` is where the analysis stands in the spec. */
export function startRun(
  purpose: Purpose,
  resolved: Resolved,
  running: readonly Run[],
  now: Instant,
  path: string,
): Result<Run> {
  const run = created(purpose, resolved, now);
  const problems = [
    ...(endless.has(purpose.kind) ? [] : neverEnding(resolved.metrics, path)),
    ...tooMuch([...running, run], path),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: run };
}

function created(purpose: Purpose, resolved: Resolved, now: Instant): Run {
  const { kind, revision, step } = purpose;
  const parts = [kind, revision, ...(step === undefined ? [] : [step]), Math.floor(now / 1000)];
  return {
    id: parts.join('-'),
    ...purpose,
    phase: 'Running',
    startedAt: toRfc3339(now),
    resolved: resolvedHash(resolved),
    metrics: resolved.metrics.map(metric => initial(metric, now)),
    pinned: resolved.metrics.map(pinMetric),
    ...(resolved.secrets.length > 0 && { secrets: resolved.secrets }),
  };
}

/** Two analyses that would measure the same have the same hash. */
export function resolvedHash({ metrics, secrets }: Resolved): string {
  return hash({ metrics: metrics.map(pinMetric), secrets });
}

function initial({ name, initialDelay, dryRun }: Metric, now: Instant): MetricState {
  // Without a delay there is nothing to wait for: due in this very second, so that the next sync asks.
  const due = initialDelay === 0 ? Math.floor(now / 1000) * 1000 : startOfWait(now) + initialDelay * 1000;
  return { name, phase: 'Running', ...(dryRun && { dryRun }), dueAt: toRfc3339(due), measurements: [] };
}

function neverEnding(metrics: readonly Metric[], path: string): readonly Problem[] {
  const place = new Place(path, []);
  for (const metric of metrics) checkEnds(metric.name, metric, place);
  return place.problems;
}

function tooMuch(runs: readonly Run[], path: string): readonly Problem[] {
  const bytes = runs.reduce((sum, run) => sum + footprint(run), 0);
  if (bytes <= MAX_RUNNING_BYTES) return [];
  const problem = `what is measured at the same time takes ${bytes} bytes in status, and ${MAX_RUNNING_BYTES} is the most`;
  const remedy =
    'measure less at the same time, or shorten the queries: record long ones as rules in the metrics system';
  return [{ path, problem, remedy }];
}
