import { asMap, type CaseOf, INNER_INGRESS, PUBLIC_INGRESS } from '../cases.js';

export const cases: readonly CaseOf<'nginx'>[] = [
  {
    title: 'nginx with one Ingress',
    config: { stableIngress: 'public' },
    related: asMap([PUBLIC_INGRESS]),
  },
  {
    title: 'nginx with two Ingresses, a prefix and a cookie',
    config: {
      stableIngresses: ['public', 'inner'],
      annotationPrefix: 'ingress.example.com',
      additionalIngressAnnotations: { 'canary-by-cookie': 'canary', 'upstream-vhost': 'shop' },
      canaryIngressAnnotations: { 'example.com/owner': 'shop' },
    },
    related: asMap([PUBLIC_INGRESS, INNER_INGRESS]),
  },
];
