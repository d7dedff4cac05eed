/** A small StormService as it is observed, written by hand: mutation tests read it once per mutant, so it imports little. */
import type { BlueGreenStrategy, CanaryStrategy, PodMetadata, Role, Spec } from '../src/api/spec.js';
import type { RoutedStrategy } from '../src/api/strategy/trafficRouting.js';
import type { Parent } from '../src/observe/parent.js';
import type { RouterSpec } from '../src/routers/routers.js';
import type { JsonObject } from '../src/schema/json.js';

export const PARENT: Parent = {
  name: 'my-app',
  namespace: 'shop',
  uid: 'u1',
  generation: 1,
  annotations: {},
  managedFields: [],
};

export const POD_SPEC: JsonObject = { containers: [{ name: 'web', image: 'nginx:1.27' }] };
export const TEMPLATE: JsonObject = { metadata: { labels: { app: 'web' } }, spec: POD_SPEC };
/** The single role of TEMPLATE. */
export const ROLE: Role = {
  name: '',
  pods: 1,
  upgradeOrder: 0,
  template: { metadata: { labels: { app: 'web' } }, spec: POD_SPEC },
};
export const NO_METADATA: PodMetadata = { labels: {}, annotations: {} };

const DELAYS = { scaleDownDelaySeconds: 30, abortScaleDownDelaySeconds: 30, rollbackWindow: 0 };

export const ROLLING_UPDATE: Spec['strategy'] = { type: 'RollingUpdate', maxSurge: 1, maxUnavailable: 0 };

export const CANARY: CanaryStrategy = {
  ...DELAYS,
  type: 'Canary',
  maxSurge: 1,
  maxUnavailable: 0,
  steps: [],
  stableService: 'my-app-stable',
  canaryService: 'my-app-canary',
  dynamicStableScale: false,
  minPodsPerReplicaSet: 1,
  stableMetadata: NO_METADATA,
  canaryMetadata: NO_METADATA,
};

export const BLUE_GREEN: BlueGreenStrategy = {
  ...DELAYS,
  type: 'BlueGreen',
  activeService: 'my-app',
  previewService: 'my-app-preview',
  autoPromotionEnabled: true,
  autoPromotionSeconds: 0,
  settleSeconds: 2,
  activeMetadata: NO_METADATA,
  previewMetadata: NO_METADATA,
};

export function routed(...routers: readonly RouterSpec[]): RoutedStrategy {
  return { ...CANARY, trafficRouting: { routers, managedRoutes: [], maxTrafficWeight: 100, settleSeconds: 2 } };
}

export const SPEC: Spec = {
  replicas: 3,
  roles: [ROLE],
  template: TEMPLATE,
  minReadySeconds: 0,
  revisionHistoryLimit: 10,
  progressDeadlineSeconds: 600,
  progressDeadlineAbort: false,
  paused: false,
  strategy: ROLLING_UPDATE,
  analysisOnFirstDeployment: false,
};
