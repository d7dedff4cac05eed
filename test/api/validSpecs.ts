/** Specs that are valid. */
import {
  blueGreen,
  canary,
  container,
  metric,
  type Raw,
  role,
  roles,
  routed,
  spec,
  steps,
  template,
  withStrategy,
} from './specs.js';

export const healthCheck = { name: 'a', http: { url: 'http://a' } };

const VIRTUAL_SERVICE = { hosts: ['a'], http: [{ route: [{ destination: { host: 'my-app-stable' } }] }] };

/** One of each form that a field may have. */
export const VALID: readonly [string, Raw][] = [
  ['a template', { template: template() }],
  [
    'a canary',
    steps({ setWeight: 10 }, { pause: true, name: 'gate' }, { pause: { duration: '1h' } }, { setWeight: 100 }),
  ],
  ['an empty canary', canary({})],
  ['a blue-green', blueGreen({ autoPromotionEnabled: false, previewReplicaCount: 1 })],
  ['no strategy but a type', withStrategy({ type: 'RollingUpdate' })],
  ['health checks', withStrategy({ canary: {}, autoRollback: { onFailure: {}, healthChecks: [healthCheck] } })],
  ['inline metrics', steps({ analysis: { metrics: [metric()] } })],
  ['roles', roles(role(), role({ name: 'decode' }))],
  [
    'weights over 100 where all is more',
    routed({ smi: {}, maxTrafficWeight: 1000 }, { setWeight: 900 }, { setCanaryScale: { weight: 5 } }),
  ],
  [
    'an analysis after the last step',
    canary({ steps: [{ setWeight: 5 }], analysis: { metrics: [metric()], startingStep: 1 } }),
  ],
  ['the largest weights', routed({ smi: {}, maxTrafficWeight: 2_147_483_647 }, { setWeight: 2_147_483_647 })],
  ['a deadline just above minReadySeconds', spec({ minReadySeconds: 9, progressDeadlineSeconds: 10 })],
  [
    'Services and a delay with routing',
    canary({ trafficRouting: { smi: {} }, stableService: 'a', canaryService: 'b', scaleDownDelaySeconds: 5 }),
  ],
  [
    'every form of a pause',
    steps(
      { pause: true },
      { pause: {} },
      { pause: { untilApproval: true } },
      { pause: { duration: 30 } },
      { pause: { duration: '30' } },
      { pause: { duration: '1h30m' } },
      { pause: { duration: '1.5s', untilApproval: false } },
      { pause: { duration: '2147483647000ms' } },
    ),
  ],
  [
    'every form of a limit',
    steps({
      analysis: {
        args: [{ name: 'a', value: '3' }],
        metrics: [
          metric({ interval: '30s', count: '{{args.a}}', failureLimit: '1' }),
          metric({ name: 'b', interval: 30, initialDelay: '1m', count: 5, failureLimit: 2, inconclusiveLimit: 5 }),
          metric({ name: 'c', interval: '{{args.a}}m', count: 2, failureLimit: -1, consecutiveSuccessLimit: '2' }),
        ],
      },
    }),
  ],
  ['a metric without an end in the background', canary({ analysis: { metrics: [metric({ interval: '1m' })] } })],
  [
    'header and mirror routes',
    routed(
      { istio: {}, managedRoutes: [{ name: 'a' }, { name: 'b' }] },
      { setHeaderRoute: { name: 'a', match: [{ headerName: 'x', headerValue: { exact: 'y' } }] } },
      { setMirrorRoute: { name: 'b', match: [{ path: { prefix: '/' }, headers: { x: { regex: '.*' } } }] } },
      { setHeaderRoute: { name: 'a' } },
    ),
  ],
  [
    'objects of Istio in full',
    routed({ istio: { virtualService: { hosts: ['a'], gateways: ['mesh'] }, destinationRule: { splitting: 'Host' } } }),
  ],
  ['the spec of a VirtualService', routed({ istio: { virtualService: { name: 'a', spec: VIRTUAL_SERVICE } } })],
  [
    'a template router',
    routed({ template: [{ object: { apiVersion: 'a.io/v1', kind: 'A', spec: { weight: '$(canaryWeight)' } } }] }),
  ],
  ['metadata of the canary', canary({ canaryMetadata: { labels: { 'a.b/c': '' }, annotations: { d: 'e f' } } })],
  ['a selector', spec({ selector: { matchLabels: { app: 'my-app' } } })],
  [
    'a Service for one role',
    {
      ...roles(role(), role({ name: 'decode' })),
      service: { role: 'decode', ports: [{ port: 80, targetPort: 'http' }] },
    },
  ],
  [
    'several ports of a Service',
    spec({
      service: {
        ports: [
          { name: 'tcp', port: 53, targetPort: 'http' },
          { name: 'udp', port: 53, protocol: 'UDP', targetPort: 8080 },
        ],
      },
    }),
  ],
  [
    'a template with all that it may have',
    spec({
      template: template(
        { initContainers: [{ name: 'init', image: 'a' }], containers: [container(), { name: 'b', image: 'b' }] },
        { labels: { app: 'my-app', 'a.b/c': '' }, annotations: { a: 'b' } },
      ),
    }),
  ],
  ['bounds of which one is 0', canary({ maxSurge: 0, maxUnavailable: '25%' })],
  [
    'the first draft',
    routed(
      { istio: { virtualService: 'vs' }, nginx: { ingress: 'i', servicePort: 80 } },
      { weight: 5, replicas: 1, pause: {} },
    ),
  ],
];
