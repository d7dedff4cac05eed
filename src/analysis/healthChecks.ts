import type { JsonObject } from '../schema/json.js';
import { Place } from '../schema/place.js';
import type { Problem, Result } from '../schema/problem.js';
import { type Metric, readMetric } from './metric.js';
import type { Resolved } from './templates/resolve.js';

/** Path of health checks in a StormService. */
const PATH = 'autoRollback.healthChecks';

/** A single inconclusive value decides nothing: only consecutive failures do. */
const ANY_NUMBER = 2_147_483_647;

/**
 * Health checks as unlimited metrics, which fail after failureThreshold consecutive failures. `checks` have their
 * defaults, times in seconds.
 */
export function resolveHealthChecks(checks: readonly JsonObject[], path: string = PATH): Result<Resolved> {
  const problems: Problem[] = [];
  const metrics = checks.flatMap((check, index) => {
    const metric = readMetric(asMetric(check), new Place(path, problems).at(index).path);
    if (!metric.ok) problems.push(...metric.problems);
    return metric.ok ? [metric.value] : [];
  });
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { metrics: unique(metrics), secrets: [] } };
}

function asMetric(check: JsonObject): JsonObject {
  const { name, interval, timeout, failureThreshold, successCondition, failureCondition, ...provider } = check;
  const conditions = {
    ...(successCondition !== undefined && { successCondition }),
    ...(failureCondition !== undefined && { failureCondition }),
  };
  return {
    name,
    interval,
    timeout,
    failureThreshold,
    failureLimit: -1,
    inconclusiveLimit: ANY_NUMBER,
    ...conditions,
    ...expand(provider),
  };
}

/** The short form `http: {url, method, expectedStatus}` checks only the status code. */
function expand(provider: JsonObject): JsonObject {
  const http = provider['http'];
  if (typeof http !== 'object' || http === null || Array.isArray(http)) return { provider };
  const { expectedStatus, ...endpoint } = http as JsonObject;
  const healthy = Array.isArray(expectedStatus) ? expectedStatus.map(Number) : [200];
  return { successCondition: `result.status in [${healthy.join(', ')}]`, provider: { ...provider, http: endpoint } };
}

function unique(metrics: readonly Metric[]): readonly Metric[] {
  return metrics.filter(({ name }, index) => metrics.findIndex(other => other.name === name) === index);
}
