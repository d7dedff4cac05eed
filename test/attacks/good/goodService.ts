import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { API_VERSION, KIND } from '../../../src/schema/names.js';
import { measuredValue } from './goodServer.js';

/** How long a rollout takes: seconds of its pause, and measurements of each of its analyses, a second apart. */
export interface Pace {
  readonly pauseSeconds: number;
  readonly measurements: number;
}

export const NAME = 'my-app';

export function namespaceOf(index: number): string {
  return `good-${index}`;
}

/**
 * A StormService that its metrics promote: an analysis of a Prometheus in one step and of a web endpoint in another, a
 * background analysis, and a health check that may not fail once.
 */
export function goodService(index: number, address: string, pace: Pace): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: NAME, namespace: namespaceOf(index) },
    spec: {
      replicas: 4,
      template: {
        metadata: { labels: { app: NAME } },
        spec: { containers: [{ name: 'web', image: 'app:1', ports: [{ name: 'http', containerPort: 8080 }] }] },
      },
      rolloutStrategy: strategy(index, address, pace),
    },
  };
}

function strategy(index: number, address: string, { pauseSeconds, measurements }: Pace): JsonObject {
  const measured = { interval: '1s', count: measurements };
  const prometheus = (name: string) => ({
    name,
    ...measured,
    successCondition: `result[0] == ${measuredValue(index)}`,
    provider: { prometheus: { address, query: String(index) } },
  });
  const web = {
    name: 'web',
    ...measured,
    successCondition: `result == ${measuredValue(index)}`,
    provider: { web: { url: `${address}/rates?of=${index}`, jsonPath: "$.rates[?@.name=='success'].value" } },
  };
  return {
    canary: {
      steps: [
        { setWeight: 25 },
        { analysis: { metrics: [prometheus('success-rate')] } },
        { setWeight: 50 },
        { pause: { duration: `${pauseSeconds}s` } },
        { analysis: { metrics: [web] } },
        { setWeight: 100 },
      ],
      analysis: { metrics: [prometheus('background')] },
    },
    autoRollback: {
      healthChecks: [
        { name: 'alive', interval: '2s', timeout: '2s', failureThreshold: 1, http: { url: `${address}/healthz` } },
      ],
    },
  };
}
