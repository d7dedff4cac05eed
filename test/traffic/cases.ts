import type { KubeObject } from '../../src/metacontroller/object.js';
import type { ManagedRoute, RouterContext, TrafficTarget } from '../../src/routers/router.js';
import type { RouterSpec } from '../../src/routers/routers.js';
import type { JsonObject } from '../../src/schema/json.js';

/** One router with one configuration; the contract holds for each of them. */
export interface Case {
  readonly title: string;
  readonly spec: RouterSpec;
  readonly related?: RouterContext['related'];
}

export const HEADER: ManagedRoute = {
  action: 'setHeaderRoute',
  name: 'testers',
  match: [{ headerName: 'X-Canary', headerValue: { exact: 'yes' } }],
};
export const MIRROR: ManagedRoute = {
  action: 'setMirrorRoute',
  name: 'shadow',
  percentage: 35,
  match: [{ method: { exact: 'GET' }, path: { prefix: '/' } }],
};

export function target(weight: number, other: Partial<TrafficTarget> = {}): TrafficTarget {
  return { weight, maxWeight: 100, routes: [], stableRevision: 'aaa', canaryRevision: 'bbb', ...other };
}

export function context(other: Partial<RouterContext> = {}): RouterContext {
  return {
    parent: { name: 'my-app', namespace: 'shop', uid: 'u1' },
    rootService: 'my-app',
    stableService: 'my-app-stable',
    canaryService: 'my-app-canary',
    ports: [{ port: 80, targetPort: 8080 }],
    managedRoutes: ['testers', 'shadow'],
    children: {},
    related: {},
    ...other,
  };
}

/** Objects as a request carries them. */
export function asMap(objects: readonly KubeObject[], kinds: readonly string[] = []): RouterContext['children'] {
  const map: Record<string, Record<string, KubeObject>> = Object.fromEntries(kinds.map(kind => [kind, {}]));
  for (const object of objects) {
    const group = `${object.kind}.${object.apiVersion}`;
    map[group] = { ...map[group], [`${object.metadata.namespace}/${object.metadata.name}`]: object };
  }
  return map;
}

export function ingress(
  name: string,
  spec: JsonObject,
  annotations: Readonly<Record<string, string>> = {},
): KubeObject {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, annotations },
    spec,
  };
}

const path = (at: string, service: string) => ({
  path: at,
  pathType: 'Prefix',
  backend: { service: { name: service, port: { number: 80 } } },
});

export const PUBLIC_INGRESS = ingress('public', {
  ingressClassName: 'nginx',
  tls: [{ hosts: ['shop.example.com'], secretName: 'shop-tls' }],
  rules: [
    { host: 'shop.example.com', http: { paths: [path('/', 'my-app-stable'), path('/cart', 'cart')] } },
    { host: 'cart.example.com', http: { paths: [path('/', 'cart')] } },
  ],
});
export const INNER_INGRESS = ingress(
  'inner',
  { rules: [{ http: { paths: [path('/', 'my-app-stable')] } }] },
  { 'kubernetes.io/ingress.class': 'nginx-inner' },
);

const istioRoutes = {
  hosts: ['shop.example.com'],
  gateways: ['public'],
  http: [
    { name: 'cart', match: [{ uri: { prefix: '/cart' } }], route: [{ destination: { host: 'cart' } }] },
    {
      name: 'api',
      match: [{ uri: { prefix: '/api' }, headers: { 'x-tenant': { exact: 'a' } } }],
      rewrite: { uri: '/' },
      route: [
        { destination: { host: 'my-app-stable.shop.svc.cluster.local', port: { number: 80 } }, weight: 90 },
        { destination: { host: 'legacy' }, weight: 10 },
      ],
    },
    { name: 'rest', timeout: '5s', route: [{ destination: { host: 'my-app-stable' } }] },
  ],
  tls: [
    {
      match: [{ port: 443, sniHosts: ['shop.example.com'] }],
      route: [{ destination: { host: 'my-app-stable.shop' } }],
    },
  ],
  tcp: [{ match: [{ port: 9000 }], route: [{ destination: { host: 'my-app-stable' } }] }],
};

const httpRules = [
  { name: 'cart', matches: [{ path: { value: '/cart' } }], backendRefs: [{ name: 'cart', port: 80 }] },
  {
    name: 'api',
    matches: [{ path: { type: 'Exact', value: '/api' }, headers: [{ name: 'x-tenant', value: 'a' }] }],
    backendRefs: [
      { name: 'my-app-stable', port: 80, weight: 9 },
      { name: 'legacy', port: 80, weight: 1 },
    ],
  },
  { backendRefs: [{ name: 'my-app-stable', port: 80 }] },
];

export const CASES: readonly Case[] = [
  { title: 'istio by default', spec: { router: 'istio', config: {} } },
  {
    title: 'istio with a spec of named routes',
    spec: { router: 'istio', config: { virtualService: { name: 'web', spec: istioRoutes } } },
  },
  {
    title: 'istio by subsets',
    spec: {
      router: 'istio',
      config: {
        virtualService: { hosts: ['shop.example.com'], gateways: ['public'] },
        destinationRule: {
          name: 'web',
          splitting: 'Subset',
          spec: { trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } } },
        },
      },
    },
  },
  {
    title: 'istio by subsets with a spec that names the root Service',
    spec: {
      router: 'istio',
      config: {
        virtualService: {
          spec: { hosts: ['my-app'], http: [{ route: [{ destination: { host: 'my-app.shop.svc.cluster.local' } }] }] },
        },
        destinationRule: { splitting: 'Subset', stableSubsetName: 'old', canarySubsetName: 'new' },
      },
    },
  },
  {
    title: 'nginx with one Ingress',
    spec: { router: 'nginx', config: { stableIngress: 'public' } },
    related: asMap([PUBLIC_INGRESS]),
  },
  {
    title: 'nginx with two Ingresses, a prefix and a cookie',
    spec: {
      router: 'nginx',
      config: {
        stableIngresses: ['public', 'inner'],
        annotationPrefix: 'ingress.example.com',
        additionalIngressAnnotations: { 'canary-by-cookie': 'canary', 'upstream-vhost': 'shop' },
        canaryIngressAnnotations: { 'example.com/owner': 'shop' },
      },
    },
    related: asMap([PUBLIC_INGRESS, INNER_INGRESS]),
  },
  ...([1, 2, 3, 4] as const).map(version => ({
    title: `smi v1alpha${version}`,
    spec: { router: 'smi' as const, config: { apiVersion: `split.smi-spec.io/v1alpha${version}` } },
  })),
  {
    title: 'gatewayAPI by default',
    spec: {
      router: 'gatewayAPI',
      config: { httpRoute: { parentRefs: [{ name: 'public' }], hostnames: ['shop.example.com'] } },
    },
  },
  {
    title: 'gatewayAPI with a spec',
    spec: {
      router: 'gatewayAPI',
      config: {
        httpRoute: {
          name: 'web',
          spec: {
            parentRefs: [
              { name: 'public', port: 80 },
              { name: 'public', port: 443 },
            ],
            rules: httpRules,
          },
        },
      },
    },
  },
  {
    title: 'gatewayAPI with routes of every kind',
    spec: {
      router: 'gatewayAPI',
      config: {
        httpRoute: { parentRefs: [{ name: 'public' }] },
        grpcRoute: {
          spec: {
            parentRefs: [{ name: 'public' }],
            rules: [
              { matches: [{ method: { service: 'shop.Cart' } }], backendRefs: [{ name: 'my-app-stable', port: 80 }] },
            ],
          },
        },
        tlsRoute: {
          spec: { parentRefs: [{ name: 'public' }], rules: [{ backendRefs: [{ name: 'my-app-stable', port: 80 }] }] },
        },
        tcpRoute: { parentRefs: [{ name: 'public' }] },
      },
    },
  },
  { title: 'traefik', spec: { router: 'traefik', config: { traefikService: { name: 'web' } } } },
  {
    title: 'template of an ApisixRoute',
    spec: {
      router: 'template',
      config: {
        object: {
          apiVersion: 'apisix.apache.org/v2',
          kind: 'ApisixRoute',
          spec: {
            http: [
              {
                name: 'shop',
                match: { paths: ['/*'] },
                backends: [
                  { serviceName: '$(stableService)', servicePort: 80, weight: '$(stableWeight)' },
                  { serviceName: '$(canaryService)', servicePort: 80, weight: '$(canaryWeight)' },
                ],
              },
            ],
          },
        },
        observedWeight: "$.spec.http[*].backends[?@.serviceName=='$(canaryService)'].weight",
      },
    },
  },
  {
    title: 'template of an annotation',
    spec: {
      router: 'template',
      config: {
        object: {
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: {
            name: 'my-alb',
            labels: { revision: '$(canaryRevision)' },
            annotations: {
              'alb.ingress.kubernetes.io/actions.split':
                '{"type":"forward","forwardConfig":{"targetGroups":[{"serviceName":"$(stableService)","servicePort":"80","weight":$(stableWeight)},{"serviceName":"$(canaryService)","servicePort":"80","weight":$(canaryWeight)}]}}',
            },
          },
          spec: { ingressClassName: 'alb' },
        },
      },
    },
  },
];
