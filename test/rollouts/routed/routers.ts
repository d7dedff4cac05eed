/** Every router in a configuration that can be rolled out, for tests that hold for all of them. */

import type { KubeObject } from '../../../src/metacontroller/object.js';
import type { JsonObject } from '../../../src/schema/json.js';

export interface RoutedCase {
  readonly title: string;
  /** `trafficRouting`. */
  readonly routing: JsonObject;
  readonly kinds: readonly string[];
  /** What the user has made before. */
  readonly objects?: readonly KubeObject[];
}

const VIRTUAL_SERVICE = 'VirtualService.networking.istio.io/v1';
const DESTINATION_RULE = 'DestinationRule.networking.istio.io/v1';
const HTTP_ROUTE = 'HTTPRoute.gateway.networking.k8s.io/v1';
const GRPC_ROUTE = 'GRPCRoute.gateway.networking.k8s.io/v1';
const INGRESS = 'Ingress.networking.k8s.io/v1';

const namedHttpRoutes = {
  hosts: ['shop.example.com'],
  http: [
    { name: 'cart', match: [{ uri: { prefix: '/cart' } }], route: [{ destination: { host: 'cart' } }] },
    { name: 'rest', route: [{ destination: { host: 'my-app-stable', port: { number: 8080 } } }] },
  ],
};

const rules = {
  parentRefs: [{ name: 'public' }],
  rules: [
    {
      matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
      backendRefs: [{ name: 'my-app-stable', port: 8080 }],
    },
    { backendRefs: [{ name: 'my-app-stable', port: 8080 }] },
  ],
};

export const STABLE_INGRESS: KubeObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'public', namespace: 'default' },
  spec: {
    ingressClassName: 'nginx',
    rules: [
      {
        host: 'shop.example.com',
        http: {
          paths: [
            { path: '/', pathType: 'Prefix', backend: { service: { name: 'my-app-stable', port: { number: 8080 } } } },
          ],
        },
      },
    ],
  },
};

const contour = {
  object: {
    apiVersion: 'projectcontour.io/v1',
    kind: 'HTTPProxy',
    spec: {
      routes: [
        {
          services: [
            { name: '$(stableService)', port: 8080, weight: '$(stableWeight)' },
            { name: '$(canaryService)', port: 8080, weight: '$(canaryWeight)' },
          ],
        },
      ],
    },
  },
  observedWeight: "$.spec.routes[*].services[?@.name=='$(canaryService)'].weight",
};

export const ISTIO: RoutedCase = { title: 'istio', routing: { istio: {} }, kinds: [VIRTUAL_SERVICE] };
export const SMI: RoutedCase = {
  title: 'smi',
  routing: { smi: {} },
  kinds: ['TrafficSplit.split.smi-spec.io/v1alpha1'],
};
export const GATEWAY: RoutedCase = {
  title: 'gatewayAPI',
  routing: { gatewayAPI: { httpRoute: { parentRefs: [{ name: 'public' }] } } },
  kinds: [HTTP_ROUTE],
};

export const ROUTED: readonly RoutedCase[] = [
  ISTIO,
  {
    title: 'istio with named routes',
    routing: { istio: { virtualService: { spec: namedHttpRoutes } } },
    kinds: [VIRTUAL_SERVICE],
  },
  {
    title: 'istio by subsets',
    routing: { istio: { destinationRule: { splitting: 'Subset' } } },
    kinds: [VIRTUAL_SERVICE, DESTINATION_RULE],
  },
  { title: 'nginx', routing: { nginx: { stableIngress: 'public' } }, kinds: [INGRESS], objects: [STABLE_INGRESS] },
  ...([1, 2, 3, 4] as const).map(version => ({
    title: `smi v1alpha${version}`,
    routing: { smi: { apiVersion: `split.smi-spec.io/v1alpha${version}` } },
    kinds: [`TrafficSplit.split.smi-spec.io/v1alpha${version}`],
  })),
  GATEWAY,
  {
    title: 'gatewayAPI with rules of its own and a GRPCRoute',
    routing: { gatewayAPI: { httpRoute: { spec: rules }, grpcRoute: { parentRefs: [{ name: 'public' }] } } },
    kinds: [HTTP_ROUTE, GRPC_ROUTE],
  },
  { title: 'traefik', routing: { traefik: {} }, kinds: ['TraefikService.traefik.io/v1alpha1'] },
  { title: 'template of an HTTPProxy', routing: { template: [contour] }, kinds: ['HTTPProxy.projectcontour.io/v1'] },
  {
    title: 'istio, smi and a template at once',
    routing: { istio: {}, smi: {}, template: [contour] },
    kinds: [VIRTUAL_SERVICE, 'TrafficSplit.split.smi-spec.io/v1alpha1', 'HTTPProxy.projectcontour.io/v1'],
  },
];
