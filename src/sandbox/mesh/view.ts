import { SERVICE } from '../../metacontroller/children.js';
import type { KubeObject } from '../../metacontroller/object.js';
import { fields } from '../../schema/json.js';
import type { KindKey } from '../cluster/kinds.js';
import { type Labels, matchesLabels } from '../cluster/labels.js';
import type { Pod } from '../cluster/pod.js';

/** The cluster as a proxy sees it: the configuration from its control plane so far. */
export interface MeshView {
  /** Objects of one kind in all namespaces, the oldest first. */
  objects(kind: KindKey): readonly KubeObject[];
  /** Ready pods of a namespace. */
  pods(namespace: string): readonly Pod[];
  /** Whether the pod really responds now, whatever its configuration. */
  answers(pod: Pod): boolean;
}

export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

const CLUSTER_DOMAIN = 'svc.cluster.local';
const DOMAINS = ['', 'svc', 'svc.cluster', CLUSTER_DOMAIN];

/** The Service that a client in this namespace means by a host name; undefined when there is none of that name. */
export function serviceOf(host: string, namespace: string, view: MeshView): ServiceName | undefined {
  const [name = '', itsNamespace = namespace, ...domain] = host.split('.');
  if (!DOMAINS.includes(domain.join('.'))) return undefined;
  const named = { namespace: itsNamespace, name };
  return findService(named, view) === undefined ? undefined : named;
}

export function findService({ namespace, name }: ServiceName, view: MeshView): KubeObject | undefined {
  return view.objects(SERVICE).find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
}

/** `my-app.shop.svc.cluster.local`. */
export function fullName({ namespace, name }: ServiceName): string {
  return `${name}.${namespace}.${CLUSTER_DOMAIN}`;
}

/** Ready pods behind a Service; with labels, those of them that have these. */
export function endpointsOf(service: ServiceName, view: MeshView, labels: Labels = {}): readonly Pod[] {
  const selector = fields(fields(findService(service, view)?.['spec'])['selector']) as Labels;
  if (Object.keys(selector).length === 0) return [];
  return view
    .pods(service.namespace)
    .filter(pod => matchesLabels(pod.labels, selector) && matchesLabels(pod.labels, labels));
}
