/** Metrics as specs write them. */
import type { JsonObject } from '../../../src/schema/json.js';

export function prometheus(query: string): JsonObject {
  return { prometheus: { address: 'http://prometheus:9090', query } };
}

/** Measured once; 1 is good, 0 bad, anything else neither. */
export function metric(name: string, more: JsonObject = {}): JsonObject {
  return {
    name,
    successCondition: 'result == 1',
    failureCondition: 'result == 0',
    provider: prometheus(name),
    ...more,
  };
}

/** Every ten seconds for as long as the rollout runs. */
export function endless(name: string, more: JsonObject = {}): JsonObject {
  return metric(name, { interval: '10s', ...more });
}

/** Every ten seconds, `count` times. */
export function several(name: string, count: number): JsonObject {
  return metric(name, { interval: '10s', count });
}
