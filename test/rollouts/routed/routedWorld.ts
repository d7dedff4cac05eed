/** A canary with traffic routing in a sandbox, watched from its first healthy moment on. */
import type { ApplyStrategy } from '../../../src/metacontroller/hook.js';
import type { Faults } from '../../../src/sandbox/faults.js';
import { CORE_CHILDREN, type Sandbox } from '../../../src/sandbox/sandbox.js';
import type { JsonObject } from '../../../src/schema/json.js';
import { annotate, rolloutOf, stormService, untilPhase, untilStep, world } from '../world.js';
import { watchRouted } from './routedPromises.js';
import { ISTIO, type RoutedCase } from './routers.js';

export const GATED_STEPS: readonly JsonObject[] = [
  { setWeight: 20 },
  { pause: true },
  { setWeight: 40 },
  { pause: true },
  { setWeight: 100 },
  { pause: true },
];

export interface RoutedOptions {
  readonly router?: RoutedCase;
  readonly replicas?: number;
  readonly steps?: readonly JsonObject[];
  /** Beside steps and trafficRouting. */
  readonly canary?: JsonObject;
  readonly routing?: JsonObject;
  readonly applyStrategy?: ApplyStrategy;
  /** Kinds that the CompositeController watches; by default what the router needs. */
  readonly kinds?: readonly string[];
  readonly faults?: Faults;
}

export async function routed(options: RoutedOptions = {}) {
  const { router = ISTIO, replicas = 5, steps = GATED_STEPS, canary = {}, routing = {} } = options;
  const { applyStrategy = 'dynamic-apply', kinds = router.kinds, faults } = options;
  const sandbox = world({
    applyStrategy,
    ...(faults && { faults }),
    childKinds: [...CORE_CHILDREN, ...kinds.map(kind => ({ kind, method: 'InPlace' as const }))],
  });
  for (const object of router.objects ?? []) await sandbox.apply(object);
  const rolloutStrategy = { canary: { steps, ...canary, trafficRouting: { ...router.routing, ...routing } } };
  await sandbox.apply(stormService({ replicas, rolloutStrategy }));
  const promises = watchRouted(sandbox, kinds);
  return { sandbox, promises, image: (image: string) => sandbox.setImage('my-app', 'web', image) };
}

/** With the first revision Healthy, and time for everything to settle. */
export async function serving(options: RoutedOptions = {}) {
  const started = await routed(options);
  await untilPhase(started.sandbox, 'Healthy');
  await started.sandbox.advance(10);
  return started;
}

export function weightOf(sandbox: Sandbox): Promise<unknown> {
  return rolloutOf(sandbox).then(({ observedWeight }) => observedWeight);
}

/** What a Service selects, as the image of its ready pods with how many there are. */
export async function served(sandbox: Sandbox, service: string): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const { spec } of await sandbox.endpoints(service)) {
    const [{ image }] = spec['containers'] as unknown as [{ image: string }];
    counts[image] = (counts[image] ?? 0) + 1;
  }
  return counts;
}

export function untilWeight(sandbox: Sandbox, weight: number, withinSeconds = 120): Promise<void> {
  return sandbox.eventually(`weight ${weight}`, async () => (await weightOf(sandbox)) === weight, withinSeconds);
}

/** Lets the gate at this step pass, once it waits. */
export async function approveAt(sandbox: Sandbox, step: number): Promise<void> {
  await untilStep(sandbox, step);
  await untilPhase(sandbox, 'Paused');
  await annotate(sandbox, 'approve', `${(await rolloutOf(sandbox)).updatedRevision}:${step}`);
}

/** A canary of app:2 at its gate behind 40 %. */
export async function atForty(options: RoutedOptions = {}) {
  const started = await serving(options);
  await started.image('app:2');
  await approveAt(started.sandbox, 1);
  await untilStep(started.sandbox, 3);
  return started;
}

/** Pods of an image that fail; the rest of them stays as it is. */
export async function breakPods(sandbox: Sandbox, image: string, count = Number.POSITIVE_INFINITY) {
  const pods = (await sandbox.pods()).filter(({ spec }) => JSON.stringify(spec).includes(`"${image}"`));
  for (const pod of pods.slice(0, count)) sandbox.kubelet.break(pod);
  const heal = () => {
    for (const pod of pods) sandbox.kubelet.heal(pod);
  };
  return { heal };
}
