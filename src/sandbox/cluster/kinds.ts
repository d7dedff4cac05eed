import { kindOf } from '../../metacontroller/children.js';
import { ApiError } from './apiError.js';

/** `Kind.group/version`, or `Kind.version` of the core group: as Metacontroller's requests name kinds. */
export type KindKey = string;

export interface KindDefinition {
  readonly kind: string;
  readonly apiVersion: string;
  readonly resource: string;
  readonly namespaced: boolean;
  /** The API server counts changes of the spec. Plain data kinds have no generation. */
  readonly generation: boolean;
}

export const STORM_SERVICE: KindKey = 'StormService.orchestration.aibrix.io/v1alpha1';

const define = (kind: string, apiVersion: string, resource: string): KindDefinition => ({
  kind,
  apiVersion,
  resource,
  namespaced: true,
  generation: true,
});
const data = (kind: string, apiVersion: string, resource: string): KindDefinition => ({
  ...define(kind, apiVersion, resource),
  generation: false,
});

/** What a cluster with every supported router installed knows. */
export const KINDS: readonly KindDefinition[] = [
  define('StormService', 'orchestration.aibrix.io/v1alpha1', 'stormservices'),
  define('AnalysisTemplate', 'orchestration.aibrix.io/v1alpha1', 'analysistemplates'),
  {
    ...define('ClusterAnalysisTemplate', 'orchestration.aibrix.io/v1alpha1', 'clusteranalysistemplates'),
    namespaced: false,
  },
  define('ReplicaSet', 'apps/v1', 'replicasets'),
  data('ControllerRevision', 'apps/v1', 'controllerrevisions'),
  data('Service', 'v1', 'services'),
  data('Secret', 'v1', 'secrets'),
  data('ConfigMap', 'v1', 'configmaps'),
  { ...data('ClusterRole', 'rbac.authorization.k8s.io/v1', 'clusterroles'), namespaced: false },
  define('Ingress', 'networking.k8s.io/v1', 'ingresses'),
  define('HTTPRoute', 'gateway.networking.k8s.io/v1', 'httproutes'),
  define('GRPCRoute', 'gateway.networking.k8s.io/v1', 'grpcroutes'),
  define('VirtualService', 'networking.istio.io/v1', 'virtualservices'),
  define('DestinationRule', 'networking.istio.io/v1', 'destinationrules'),
  define('TrafficSplit', 'split.smi-spec.io/v1alpha1', 'trafficsplits'),
  define('TrafficSplit', 'split.smi-spec.io/v1alpha2', 'trafficsplits'),
  define('TrafficSplit', 'split.smi-spec.io/v1alpha3', 'trafficsplits'),
  define('TrafficSplit', 'split.smi-spec.io/v1alpha4', 'trafficsplits'),
  define('TraefikService', 'traefik.io/v1alpha1', 'traefikservices'),
  define('IngressRoute', 'traefik.io/v1alpha1', 'ingressroutes'),
  define('Gateway', 'gateway.networking.k8s.io/v1', 'gateways'),
  define('HTTPProxy', 'projectcontour.io/v1', 'httpproxies'),
  define('ApisixRoute', 'apisix.apache.org/v2', 'apisixroutes'),
];

/** The kinds of one cluster, as its discovery lists them. */
export class Discovery {
  readonly #kinds: ReadonlyMap<KindKey, KindDefinition>;

  constructor(kinds: readonly KindDefinition[]) {
    this.#kinds = new Map(kinds.map(kind => [kindOf(kind), kind]));
  }

  /** @throws ApiError NoKind for a kind that the cluster does not have. */
  kind(key: KindKey): KindDefinition {
    const definition = this.#kinds.get(key);
    if (definition === undefined) throw new ApiError('NoKind', `the cluster has no kind ${key}`);
    return definition;
  }

  /** @throws ApiError NoKind for a resource that the cluster does not have. */
  resource(apiVersion: string, resource: string): KindDefinition {
    for (const definition of this.#kinds.values()) {
      if (definition.apiVersion === apiVersion && definition.resource === resource) return definition;
    }
    throw new ApiError('NoKind', `the cluster has no resource ${resource} in ${apiVersion}`);
  }
}
