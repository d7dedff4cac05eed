/** The kinds that a cluster must serve to apply a file, and those that its routers write. */
import { readSpec } from '../../../src/api/readSpec.js';
import { kindOf } from '../../../src/metacontroller/children.js';
import type { KubeObject } from '../../../src/metacontroller/object.js';
import { routerFor } from '../../../src/routers/routers.js';
import { KINDS, type KindDefinition, type KindKey } from '../../../src/sandbox/cluster/kinds.js';
import type { ChildKind } from '../../../src/sandbox/metacontroller/controllerObject.js';
import { CORE_CHILDREN } from '../../../src/sandbox/sandbox.js';

const ROUTER_GROUPS = [
  'apisix.apache.org',
  'gateway.networking.k8s.io',
  'networking.istio.io',
  'networking.k8s.io',
  'projectcontour.io',
  'split.smi-spec.io',
  'traefik.io',
];

/** The kinds that a CompositeController with the components of all routers watches. */
export const CHILD_KINDS: readonly ChildKind[] = [
  ...CORE_CHILDREN,
  ...KINDS.filter(({ apiVersion }) => ROUTER_GROUPS.some(group => apiVersion.startsWith(`${group}/`))).map(definition =>
    inPlace(kindOf(definition)),
  ),
];

/** Cluster-scoped kinds of Kubernetes; kinds whose name starts with `Cluster` are cluster-scoped too. */
const CLUSTER_SCOPED = [
  'CustomResourceDefinition',
  'GatewayClass',
  'IngressClass',
  'Namespace',
  'PersistentVolume',
  'PriorityClass',
  'RuntimeClass',
  'StorageClass',
];

/** The cluster's own kinds, and those of the objects, as if their CRDs were installed. */
export function clusterKinds(objects: readonly KubeObject[]): readonly KindDefinition[] {
  const written = [...objects.map(kindOf), ...objects.flatMap(routedKinds)];
  const known = new Map(KINDS.map(definition => [kindOf(definition), definition]));
  for (const kind of written) if (!known.has(kind)) known.set(kind, definitionOf(kind));
  return [...known.values()];
}

/** The kinds that the hook may write for these objects: a template router has its own. */
export function childKinds(objects: readonly KubeObject[]): readonly ChildKind[] {
  const present = new Set(CHILD_KINDS.map(({ kind }) => kind));
  const others = new Set(objects.flatMap(routedKinds).filter(kind => !present.has(kind)));
  return [...CHILD_KINDS, ...[...others].map(inPlace)];
}

function routedKinds({ metadata, spec }: KubeObject & { readonly spec?: unknown }): readonly KindKey[] {
  const { name, namespace = 'default' } = metadata;
  const result = readSpec(spec, { name, namespace, applyStrategy: 'dynamic-apply' });
  if (!result.ok || result.value.strategy.type !== 'Canary') return [];
  const routers = result.value.strategy.trafficRouting?.routers ?? [];
  return routers.flatMap(router => routerFor(router).kinds(router.config));
}

function definitionOf(key: KindKey): KindDefinition {
  const dot = key.indexOf('.');
  const kind = key.slice(0, dot);
  const namespaced = !CLUSTER_SCOPED.includes(kind) && !kind.startsWith('Cluster');
  return { kind, apiVersion: key.slice(dot + 1), resource: `${kind.toLowerCase()}s`, namespaced, generation: true };
}

function inPlace(kind: KindKey): ChildKind {
  return { kind, method: 'InPlace' };
}
