import type { Metric } from '../../src/analysis/metric.js';

/** A metric with the defaults of a spec, which succeeds with 1. */
export function metricOf(given: Partial<Metric> = {}): Metric {
  return {
    name: 'm',
    initialDelay: 0,
    failureLimit: 0,
    inconclusiveLimit: 0,
    consecutiveErrorLimit: 4,
    consecutiveSuccessLimit: 0,
    dryRun: false,
    measurementRetention: 10,
    successCondition: 'result == 1',
    provider: { prometheus: { query: 'up' } },
    ...given,
  };
}
