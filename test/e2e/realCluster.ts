import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject } from '../../src/metacontroller/object.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import { withImage } from '../../src/sandbox/kubectl.js';
import type { PodView, TestCluster } from '../../src/sandbox/testCluster.js';
import type { JsonObject } from '../../src/schema/json.js';
import { ROUTE_KINDS } from '../rollouts/body.js';
import type { Objects } from './objects.js';

const NAMESPACE = 'default';
const POLL_MS = 100;
const DEFAULT_WAIT_SECONDS = 120;

/** Kinds that live in no namespace are none of these tests' business. */
export function realCluster(objects: Objects): TestCluster {
  const get = (kind: string, name: string) => objects.get(...groupOf(kind), plain(name), namespaceOf(name));
  const existing = async (kind: string, name: string): Promise<KubeObject> => {
    const object = await get(kind, name);
    if (!object) throw new Error(`there is no ${kind} ${name}`);
    return object;
  };
  const patch = async (name: string, change: JsonObject, manager: string) =>
    objects.patch(await existing(STORM_SERVICE, name), change, manager);
  const pods = async (labels: Readonly<Record<string, string>> = {}, namespace = NAMESPACE) => {
    const found = await objects.list('v1', 'Pod', namespace, selectorOf(labels));
    return found.filter(({ metadata }) => metadata.deletionTimestamp === undefined).map(podView);
  };
  const list: TestCluster['list'] = (kind, labels = {}, namespace = NAMESPACE) =>
    objects.list(...groupOf(kind), namespace, selectorOf(labels));
  const eventually: TestCluster['eventually'] = async (what, holds, withinSeconds = DEFAULT_WAIT_SECONDS) => {
    if (await within(holds, withinSeconds)) return;
    throw new Error(`${what}: not within ${withinSeconds} s. ${await summary(list)}`);
  };
  return {
    get,
    list,
    pods,
    eventually,
    patch: (name, change) => patch(name, change, 'kubectl-patch'),
    apply: object => objects.apply({ ...object, metadata: { namespace: NAMESPACE, ...object.metadata } }),
    annotate: (name, annotation, value) =>
      patch(name, { metadata: { annotations: { [annotation]: value } } }, 'kubectl-annotate'),
    scale: (name, replicas) => patch(name, { spec: { replicas } }, 'kubectl'),
    async setImage(name, container, image) {
      const { template } = (await existing(STORM_SERVICE, name))['spec'] as { template: JsonObject };
      await patch(name, { spec: { template: withImage(template, container, image) } }, 'kubectl-patch');
    },
    async delete(kind, name, cascade = 'background') {
      await objects.delete(await existing(kind, name), cascade === 'orphan' ? 'Orphan' : 'Background');
    },
    async endpoints(service) {
      const { selector } = (await existing('Service.v1', service))['spec'] as { selector: Record<string, string> };
      return (await pods(selector, namespaceOf(service))).filter(({ ready }) => ready);
    },
    async always(what, holds, forSeconds) {
      if (await within(async () => !(await holds()), forSeconds)) throw new Error(`${what}: not any more`);
    },
    advance: seconds => sleep(seconds * 1000),
    async close() {
      for (const object of await list(STORM_SERVICE)) await objects.delete(object, 'Background');
      const kinds = [
        STORM_SERVICE,
        'Service.v1',
        'ReplicaSet.apps/v1',
        'ControllerRevision.apps/v1',
        'Pod.v1',
        ...ROUTE_KINDS,
      ];
      await eventually('nothing is left', async () => {
        const left = (await Promise.all(kinds.map(kind => list(kind)))).flat();
        return left.every(({ metadata }) => metadata.name === 'kubernetes');
      });
    },
  };
}

async function within(holds: () => Promise<boolean>, seconds: number): Promise<boolean> {
  for (const deadline = Date.now() + seconds * 1000; Date.now() < deadline; await sleep(POLL_MS)) {
    if (await holds()) return true;
  }
  return await holds();
}

async function summary(list: TestCluster['list']): Promise<string> {
  const states = (await list(STORM_SERVICE)).map(
    ({ metadata, status }) => `${metadata.name}: ${JSON.stringify(status)}`,
  );
  return states.join('; ');
}

function podView({ metadata, ...pod }: KubeObject): PodView {
  const { phase = '', conditions = [] } = (pod['status'] ?? {}) as {
    phase?: string;
    conditions?: readonly { type: string; status: string }[];
  };
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? NAMESPACE,
    labels: metadata.labels ?? {},
    phase,
    ready: conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
  };
}

/** `ReplicaSet.apps/v1` → apps/v1, ReplicaSet. */
function groupOf(kind: string): [apiVersion: string, kind: string] {
  const dot = kind.indexOf('.');
  return [kind.slice(dot + 1), kind.slice(0, dot)];
}

function selectorOf(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
}

function plain(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

function namespaceOf(name: string): string {
  return name.includes('/') ? name.slice(0, name.indexOf('/')) : NAMESPACE;
}
