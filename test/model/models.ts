/** The configurations that are explored, and the state that each begins in. */
import type { JsonObject } from '../../src/schema/json.js';
import { podsGetReady, secondPasses } from './events.js';
import { clusterOf, hashOf, type Model } from './model.js';
import type { State } from './state.js';
import { applied, sync } from './sync.js';
import { trafficOf } from './traffic.js';

const SPLIT = 'TrafficSplit.split.smi-spec.io/v1alpha1';
const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io/v1';
const DESTINATION_RULE = 'DestinationRule.networking.istio.io/v1';

const GATE = { pause: true };
const MATCH = { setCanaryScale: { matchTrafficWeight: true } };
const HEADER = { setHeaderRoute: { name: 'h', match: [{ headerName: 'x', headerValue: { exact: 'y' } }] } };

/** Weights 0, ½ and 1, a gate behind each, and one second for everything that takes time. */
export function canary(trafficRouting: JsonObject, more: JsonObject = {}): JsonObject {
  return {
    canary: {
      steps: [{ setWeight: 50 }, GATE, { setWeight: 100 }, GATE],
      trafficRouting: { ...trafficRouting, settleSeconds: 1 },
      scaleDownDelaySeconds: 1,
      abortScaleDownDelaySeconds: 1,
      ...more,
    },
  };
}

export function models(budget: number): readonly Model[] {
  const base = {
    replicas: 2,
    kinds: [SPLIT],
    gates: [1, 3],
    allowed: [50, 100, 100],
    settleSeconds: 1,
    events: ['template', 'approve', 'abort', 'retry', 'promote', 'death', 'wipe', 'routeDeleted', 'stale'],
    budget,
  } as const;
  const blueGreen = {
    autoPromotionEnabled: false,
    settleSeconds: 1,
    scaleDownDelaySeconds: 1,
    abortScaleDownDelaySeconds: 1,
  };
  return [
    { ...base, title: 'a canary', strategy: canary({ smi: {} }) },
    { ...base, title: 'dynamicStableScale', strategy: canary({ smi: {} }, { dynamicStableScale: true }) },
    {
      ...base,
      title: 'header routes',
      kinds: [VIRTUAL_SERVICE],
      header: true,
      gates: [2, 5],
      allowed: [0, 100, 100],
      strategy: canary(
        { istio: {}, managedRoutes: [{ name: 'h' }] },
        { steps: [{ setCanaryScale: { replicas: 1 } }, HEADER, GATE, MATCH, { setWeight: 100 }, GATE] },
      ),
    },
    {
      ...base,
      title: 'two routers',
      kinds: [VIRTUAL_SERVICE, SPLIT],
      strategy: canary({ istio: {}, smi: {} }),
    },
    {
      ...base,
      title: 'subsets',
      events: ['template', 'promote'],
      kinds: [VIRTUAL_SERVICE, DESTINATION_RULE],
      strategy: canary({ istio: { destinationRule: { splitting: 'Subset' } } }),
    },
    {
      ...base,
      title: 'blue-green',
      rollsBackAtOnce: true,
      kinds: [],
      gates: [0],
      allowed: [0, 0],
      strategy: { blueGreen },
    },
    ...crashLoops(base, blueGreen),
  ];
}

/** Without gates: all that can stop these is their pods. */
function crashLoops(base: Omit<Model, 'title' | 'strategy'>, blueGreen: JsonObject): readonly Model[] {
  const ungated = {
    ...base,
    template: 2,
    events: [],
    budget: 0,
    gates: [],
    allowed: [100],
    deadlineSeconds: 5,
    settleSeconds: 1,
  } as const;
  const steps = [{ setWeight: 50 }, { setWeight: 100 }];
  return [
    { ...ungated, title: 'crash loops in a canary', deadlineAborts: true, strategy: canary({ smi: {} }, { steps }) },
    {
      ...ungated,
      title: 'crash loops in blue-green',
      rollsBackAtOnce: true,
      kinds: [],
      allowed: [0],
      strategy: { blueGreen: { ...blueGreen, autoPromotionEnabled: true } },
    },
  ];
}

/** Nothing exists yet. */
export function emptyState(model: Model): State {
  return {
    now: Date.UTC(2026, 0, 1),
    template: 1,
    annotations: {},
    children: new Map(),
    status: undefined,
    ghost: {
      stable: hashOf(model, 1),
      passed: 0,
      recent: { stable: [], canary: [], weights: [0], managed: false },
      changedAt: 0,
    },
  };
}

/** The first revision is deployed and everything has settled; then the template may have changed. */
export function settledState(model: Model): State {
  const state = afterSeconds(model, emptyState(model), SETTLED_AFTER);
  const ghost = { ...state.ghost, recent: trafficOf(clusterOf(model, state)), changedAt: 0 };
  return { ...state, ghost, template: model.template ?? state.template };
}

const SETTLED_AFTER = 20;

/** Everything that is answered is applied, and a pod gets available each second. */
export function afterSeconds(model: Model, state: State, seconds: number): State {
  if (seconds === 0) return state;
  const answer = sync(model, state);
  const { kept } = applied(model, state, answer, answer.changes);
  const ready = podsGetReady(kept)[0]?.state ?? kept;
  return afterSeconds(model, secondPasses(model, ready).state, seconds - 1);
}
