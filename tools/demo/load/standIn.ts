/** A stub for metrics systems that the demo cannot reach, based on the measured version. */

import type { Metric } from '../../../src/analysis/metric.js';
import { measurementKey, pinnedMetrics } from '../../../src/analysis/runs/run.js';
import type { Fetcher } from '../../../src/fetch/fetcher.js';
import type { MeasurementRequest, MeasurementResult } from '../../../src/fetch/measurement.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../../src/sandbox/cluster/kinds.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { Instant } from '../../../src/schema/instant.js';
import type { Json } from '../../../src/schema/json.js';
import { isList, isObject } from '../../../src/schema/json.js';
import { REVISION_LABEL } from '../../../src/schema/names.js';
import { readStatus } from '../../../src/status/status.js';
import { failingValue, passingValue } from './typicalValue.js';

/** Queries providers on this machine; the stub responds for all others. */
export function withStandIn(real: Pick<Fetcher, 'measure'>, sandbox: () => Sandbox): Pick<Fetcher, 'measure'> {
  return {
    async measure(requests, options) {
      const near = requests.filter(({ provider }) => isLocal(provider));
      const far = requests.filter(({ provider }) => !isLocal(provider));
      const answered = far.flatMap(request => answer(request, sandbox(), options.now));
      const asked = near.length === 0 ? new Map<string, MeasurementResult>() : await real.measure(near, options);
      return new Map([...asked, ...answered.map(result => [result.key, result] as const)]);
    },
  };
}

/** Whether it is on this machine. */
export function isLocal(provider: unknown): boolean {
  return /\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|\/|"|$)/.test(JSON.stringify(provider));
}

/** Whether an object refers to a provider on another machine, possibly by an arg. */
export function usesRemoteMetrics(object: KubeObject): boolean {
  return holdsFarProvider(object as unknown as Json);
}

function holdsFarProvider(value: Json | undefined): boolean {
  if (isList(value)) return value.some(holdsFarProvider);
  if (!isObject(value)) return false;
  const { provider, healthChecks } = value;
  if (isObject(provider) && !isLocal(provider)) return true;
  if (isList(healthChecks) && healthChecks.some(check => !isLocal(check))) return true;
  return Object.values(value).some(holdsFarProvider);
}

function answer({ key }: MeasurementRequest, sandbox: Sandbox, at: Instant): readonly MeasurementResult[] {
  const measured = sandbox.cluster.list(STORM_SERVICE).flatMap(({ metadata, status }: WithStatus) =>
    readStatus(status).analysis.runs.flatMap(run =>
      run.metrics.flatMap((state, index) => {
        if (measurementKey(metadata.uid ?? '', run, state) !== key) return [];
        const metric = pinnedMetrics(run)?.[index];
        return metric ? [{ metric, bad: answersErrors(run.revision, metadata.namespace ?? '', sandbox) }] : [];
      }),
    ),
  );
  return measured.slice(0, 1).map(({ metric, bad }) => resultOf(metric, bad, key, at));
}

type WithStatus = KubeObject & { readonly status?: unknown };

function resultOf(metric: Metric, bad: boolean, key: string, at: Instant): MeasurementResult {
  const value = bad ? failingValue(metric) : passingValue(metric);
  if (value !== undefined) return { key, at, outcome: 'value', value };
  return {
    key,
    at,
    outcome: 'error',
    message: 'the demo does not query it and has no suitable value for its conditions',
  };
}

/** Pods with images tagged `errors` return 500 for every request. */
function answersErrors(revision: string, namespace: string, sandbox: Sandbox): boolean {
  const pods = sandbox.kubelet.list(namespace, { [REVISION_LABEL]: revision });
  return JSON.stringify(pods.map(({ spec }) => spec)).includes(':errors"');
}
