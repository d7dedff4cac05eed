import { kindOf } from '../../src/metacontroller/children.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import type { KindKey } from '../../src/sandbox/cluster/kinds.js';
import type { Labels } from '../../src/sandbox/cluster/labels.js';
import type { Pod } from '../../src/sandbox/cluster/pod.js';
import type { MeshRequest } from '../../src/sandbox/mesh/request.js';
import { exposureOf } from '../../src/sandbox/mesh/route.js';
import type { MeshView } from '../../src/sandbox/mesh/view.js';
import type { JsonObject } from '../../src/schema/json.js';
import { REVISION_LABEL } from '../../src/schema/names.js';

const NAMESPACE = 'shop';

/** A cluster that stands still: the objects in this order of age. */
export function viewOf(objects: readonly KubeObject[], pods: readonly Pod[]): MeshView {
  return {
    objects: (kind: KindKey) => objects.filter(object => kindOf(object) === kind),
    pods: namespace => pods.filter(pod => pod.namespace === namespace),
    answers: () => true,
  };
}

export function pod(revision: string, other: Labels = {}): Pod {
  return {
    name: `pod-${revision}`,
    namespace: NAMESPACE,
    replicaSet: revision,
    replicaSetUid: revision,
    labels: { app: 'my-app', [REVISION_LABEL]: revision, ...other },
    spec: {},
    phase: 'Running',
    ready: true,
    available: true,
    restarts: 0,
    annotations: {},
    createdAt: 0,
  };
}

export function object(
  apiVersion: string,
  kind: string,
  name: string,
  spec: JsonObject,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject {
  return { apiVersion, kind, metadata: { name, namespace: NAMESPACE, annotations }, spec };
}

/** A Service of the pods of one revision; of all pods without one. */
export function service(name: string, revision?: string): KubeObject {
  const selector = { app: 'my-app', ...(revision !== undefined && { [REVISION_LABEL]: revision }) };
  return object('v1', 'Service', name, { selector });
}

/** `old` behind my-app and my-app-stable, `new` behind my-app-canary, and a Service `empty` without pods. */
export const SERVICES: readonly KubeObject[] = [
  service('my-app', 'old'),
  service('my-app-stable', 'old'),
  service('my-app-canary', 'new'),
  service('empty', 'gone'),
];
export const PODS: readonly Pod[] = [pod('old'), pod('new')];

/** Shares by revision, and what fails; of a request from the namespace of the objects. */
export function sharesOf(
  objects: readonly KubeObject[],
  request: Partial<MeshRequest> & Pick<MeshRequest, 'host'>,
): Readonly<Record<string, number>> {
  const asked: MeshRequest = { method: 'GET', path: '/', headers: {}, namespace: NAMESPACE, ...request };
  const { revisions, failing, mirrored } = exposureOf(asked, viewOf([...SERVICES, ...objects], PODS));
  const copies = Object.entries(mirrored).map(([revision, share]) => [`copies to ${revision}`, share] as const);
  return { ...revisions, ...(failing > 0 && { failing }), ...Object.fromEntries(copies) };
}
