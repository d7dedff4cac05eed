import { checkEnds } from '../../api/analysis/metricChecks.js';
import { hash } from '../../schema/hash.js';
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import { Place } from '../../schema/place.js';
import type { Problem, Result } from '../../schema/problem.js';
import type { MetricState, Purpose, Run, RunKind } from '../../status/analysisRuns.js';
import { type Metric, pinMetric } from '../metric.js';
import type { Resolved } from '../templates/resolve.js';
import { footprint } from './bounds.js';

/** Maximum bytes of the active runs' metrics and counts; the rest of the 64 KiB is for history. */
export const MAX_RUNNING_BYTES = 48 * 1024;

/** These run until the rollout ends them; all others must end by themselves, or the rollout would never finish. */
const endless: ReadonlySet<RunKind> = new Set(['background', 'healthCheck']);

/** A new run, due immediately or after its metrics' initial delays. `path` is the place of the analysis in the spec. */
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

/** Equal for analyses with the same measurements. */
export function resolvedHash({ metrics, secrets }: Resolved): string {
  const sources = secrets.map(({ arg, name, key }) => ({ arg, name, key }));
  return hash({ metrics: metrics.map(pinMetric), secrets: sources });
}

function initial({ name, initialDelay, dryRun }: Metric, now: Instant): MetricState {
  // Without a delay it is due in this very second, so that the next sync measures it.
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
  const problem = `the concurrent analyses take ${bytes} bytes in status, more than the maximum of ${MAX_RUNNING_BYTES}`;
  const remedy = 'run fewer metrics at the same time, or shorten the queries, for example with recording rules';
  return [{ path, problem, remedy }];
}
