import { createHook } from '../../src/hook/hook.js';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { createSandbox, type Sandbox, type SandboxOptions } from '../../src/sandbox/sandbox.js';
import type { TestCluster } from '../../src/sandbox/testCluster.js';
import { VirtualClock } from '../../src/sandbox/time/virtualClock.js';
import { API_VERSION, KIND } from '../../src/schema/names.js';
import type { Condition } from '../../src/status/conditions.js';
import type { HandledAnnotation } from '../../src/status/schema.js';

export type Spec = Readonly<Record<string, unknown>>;
export type RolloutStatus = Readonly<Record<string, unknown>> & {
  readonly phase?: string;
  readonly message?: string;
  readonly step?: string;
  readonly currentStepIndex?: number;
  readonly stableRevision?: string;
  readonly updatedRevision?: string;
};

/** A gate at a tenth, a timed pause at half. */
export const BASIC_STEPS = [
  { setWeight: 10 },
  { pause: true },
  { setWeight: 50 },
  { pause: { duration: '30s' } },
  { setWeight: 100 },
];

/** A StormService whose pods run `image`. */
export function stormService(spec: Spec, image = 'app:1'): KubeObject {
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: { name: 'my-app', namespace: 'default' },
    spec: {
      template: {
        metadata: { labels: { app: 'my-app' } },
        spec: { containers: [{ name: 'web', image, ports: [{ name: 'http', containerPort: 8080 }] }] },
      },
      ...spec,
    },
  };
}

/** A sandbox with the real hook in process, in virtual time. */
export function world(options: Partial<SandboxOptions> & { readonly applyStrategy?: ApplyStrategy } = {}): Sandbox {
  const clock = new VirtualClock();
  const hook = createHook({ applyStrategy: options.applyStrategy ?? 'dynamic-apply' }, () => clock.now());
  return createSandbox({ hook, clock, ...options });
}

export async function statusOf(cluster: TestCluster): Promise<Readonly<Record<string, unknown>>> {
  const object = await cluster.get(STORM_SERVICE, 'my-app');
  return (object?.['status'] ?? {}) as Readonly<Record<string, unknown>>;
}

export async function rolloutOf(cluster: TestCluster): Promise<RolloutStatus> {
  return ((await statusOf(cluster))['rolloutStatus'] ?? {}) as RolloutStatus;
}

export function untilPhase(cluster: TestCluster, phase: string, withinSeconds = 300): Promise<void> {
  return cluster.eventually(`phase ${phase}`, async () => (await rolloutOf(cluster)).phase === phase, withinSeconds);
}

/** Wanted pods by revision, of ReplicaSets that want any. */
export async function podsByRevision(cluster: TestCluster): Promise<Readonly<Record<string, number>>> {
  const sets = await cluster.list('ReplicaSet.apps/v1');
  return Object.fromEntries(
    sets
      .map(set => [
        set.metadata.labels?.['orchestration.aibrix.io/revision'] ?? '',
        (set['spec'] as { replicas: number }).replicas,
      ])
      .filter(([, replicas]) => replicas !== 0),
  );
}

/** Wanted pods by the image of their first container, of ReplicaSets that want any. */
export async function podsByImage(cluster: TestCluster): Promise<Readonly<Record<string, number>>> {
  const counts: Record<string, number> = {};
  for (const set of await cluster.list('ReplicaSet.apps/v1')) {
    const { replicas, template } = set['spec'] as {
      replicas: number;
      template: { spec: { containers: readonly { image: string }[] } };
    };
    const image = template.spec.containers[0]?.image ?? '';
    if (replicas > 0) counts[image] = (counts[image] ?? 0) + replicas;
  }
  return counts;
}

export function untilStep(cluster: TestCluster, index: number, withinSeconds = 300): Promise<void> {
  const reached = async () => (await rolloutOf(cluster)).currentStepIndex === index;
  return cluster.eventually(`step ${index}`, reached, withinSeconds);
}

export function untilMessage(cluster: TestCluster, message: RegExp, withinSeconds = 300): Promise<void> {
  const says = async () => message.test((await rolloutOf(cluster)).message ?? '');
  return cluster.eventually(`message ${message}`, says, withinSeconds);
}

/** The condition of this type; undefined when there is none. */
export async function conditionOf(cluster: TestCluster, type: string): Promise<Condition | undefined> {
  const { conditions = [] } = (await statusOf(cluster)) as { conditions?: readonly Condition[] };
  return conditions.find(condition => condition.type === type);
}

/** A sandbox in which the first revision of a StormService is Healthy. */
export async function healthy(spec: Spec, options: Parameters<typeof world>[0] = {}): Promise<Sandbox> {
  const sandbox = world(options);
  await sandbox.apply(stormService(spec));
  await untilPhase(sandbox, 'Healthy');
  return sandbox;
}

/** The entry in status.handledAnnotations, without the prefix that all of them have. */
export async function handledOf(cluster: TestCluster, annotation: string): Promise<HandledAnnotation | undefined> {
  const { handledAnnotations = [] } = (await statusOf(cluster)) as { handledAnnotations?: HandledAnnotation[] };
  return handledAnnotations.find(({ name }) => name === `aibrix.io/rollout-${annotation}`);
}

export function annotate(cluster: TestCluster, annotation: string, value: string | null): Promise<void> {
  return cluster.annotate('my-app', `aibrix.io/rollout-${annotation}`, value);
}

/** Status is gone, as after a restore from a backup without it; the next resync of all StormServices finds out. */
export async function loseStatus(sandbox: Sandbox): Promise<void> {
  const object = sandbox.cluster.get(STORM_SERVICE, 'default/my-app');
  if (object) sandbox.cluster.updateStatus({ ...object, status: {} }, 'somebody');
  sandbox.metacontroller.resync();
}
