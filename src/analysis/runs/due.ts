import type { MeasurementRequest, MeasurementResult } from '../../fetch/measurement.js';
import type { MeasuredRollout } from '../../providers/provider.js';
import { tellsRollout } from '../../providers/providers.js';
import { QueryError } from '../../providers/queryError.js';
import type { Instant } from '../../schema/instant.js';
import { fields, type JsonObject } from '../../schema/json.js';
import type { MetricState, Run } from '../../status/analysisRuns.js';
import type { AnalysisContext } from '../context.js';
import type { Metric } from '../metric.js';
import { withCredentials } from '../templates/secrets.js';
import { dueAt, measurementKey, pinnedMetrics } from './run.js';

export interface Due {
  /** Measurements to make, including pending ones: the same keys until the result is counted. */
  readonly requests: readonly MeasurementRequest[];
  /** Results without a query, because a Secret is missing: to be added to the measurements. */
  readonly answered: readonly MeasurementResult[];
}

/** The due measurements of all runs. */
export function dueMeasurements(runs: readonly Run[], context: AnalysisContext, now: Instant): Due {
  const due = runs.flatMap(run => dueOf(run, context, now));
  return {
    requests: due.flatMap(entry => ('request' in entry ? [entry.request] : [])),
    answered: due.flatMap(entry => ('result' in entry ? [entry.result] : [])),
  };
}

type Entry = { readonly request: MeasurementRequest } | { readonly result: MeasurementResult };

function dueOf(run: Run, context: AnalysisContext, now: Instant): readonly Entry[] {
  if (run.phase !== 'Running') return [];
  const metrics = pinnedMetrics(run) ?? [];
  return run.metrics.flatMap((state, index) => {
    const metric = metrics[index];
    const due = dueAt(state);
    return metric === undefined || due === undefined || due > now ? [] : [ask(run, state, metric, due, context, now)];
  });
}

function ask(
  run: Run,
  state: MetricState,
  metric: Metric,
  due: Instant,
  context: AnalysisContext,
  now: Instant,
): Entry {
  const key = measurementKey(context.parent.metadata.uid ?? '', run, state);
  const credentials = withCredentials(metric.provider, run.secrets ?? [], context);
  if (!credentials.ok) return { result: { key, at: now, outcome: 'error', message: credentials.message } };
  const { provider, secrets } = credentials;
  return {
    request: {
      key,
      owner: context.parent.metadata.namespace ?? '',
      metric: metric.name,
      dueAt: due,
      provider,
      secrets,
      ...(tells(provider) && { rollout: rolloutOf(run, context) }),
      ...(metric.timeout !== undefined && { timeoutSeconds: metric.timeout }),
    },
  };
}

function tells(provider: JsonObject): boolean {
  try {
    return tellsRollout(provider);
  } catch (error) {
    // No provider or several: the query reports it.
    if (error instanceof QueryError) return false;
    throw error;
  }
}

/** As status has it now: a run beside the steps is asked at whatever step the rollout has come to. */
function rolloutOf({ revision, step }: Run, { parent }: AnalysisContext): MeasuredRollout {
  const { phase, currentStepIndex } = fields(fields(parent['status'])['rolloutStatus']);
  const index = step ?? currentStepIndex;
  return {
    name: parent.metadata.name,
    namespace: parent.metadata.namespace ?? '',
    revision,
    ...(Number.isInteger(index) && { step: Number(index) }),
    ...(typeof phase === 'string' && { phase }),
  };
}
