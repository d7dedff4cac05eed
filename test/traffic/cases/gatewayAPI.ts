import type { CaseOf } from '../cases.js';

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

export const cases: readonly CaseOf<'gatewayAPI'>[] = [
  {
    title: 'gatewayAPI by default',
    config: { httpRoute: { parentRefs: [{ name: 'public' }], hostnames: ['shop.example.com'] } },
  },
  {
    title: 'gatewayAPI with a spec',
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
  {
    title: 'gatewayAPI with routes of every kind',
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
];
