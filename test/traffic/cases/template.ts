import type { CaseOf } from '../cases.js';

export const cases: readonly CaseOf<'template'>[] = [
  {
    title: 'template of an ApisixRoute',
    config: [
      {
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
    ],
  },
  {
    title: 'template of an annotation',
    config: [
      {
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
    ],
  },
];
