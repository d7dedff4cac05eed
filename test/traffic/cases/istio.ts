import type { CaseOf } from '../cases.js';

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

export const cases: readonly CaseOf<'istio'>[] = [
  { title: 'istio by default', config: {} },
  {
    title: 'istio with a spec of named routes',
    config: { virtualService: { name: 'web', spec: istioRoutes } },
  },
  {
    title: 'istio by subsets',
    config: {
      virtualService: { hosts: ['shop.example.com'], gateways: ['public'] },
      destinationRule: {
        name: 'web',
        splitting: 'Subset',
        spec: { trafficPolicy: { loadBalancer: { simple: 'LEAST_REQUEST' } } },
      },
    },
  },
  {
    title: 'istio by subsets with a spec that names the root Service',
    config: {
      virtualService: {
        spec: { hosts: ['my-app'], http: [{ route: [{ destination: { host: 'my-app.shop.svc.cluster.local' } }] }] },
      },
      destinationRule: { splitting: 'Subset', stableSubsetName: 'old', canarySubsetName: 'new' },
    },
  },
];
