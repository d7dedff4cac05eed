/** Samples whose requests go through a router, with a host that they answer. */
export const ROUTED_SAMPLES = [
  { sample: 'canary-istio.yaml', host: 'my-app' },
  { sample: 'canary-istio-subsets.yaml', host: 'my-app' },
  { sample: 'canary-gateway-api.yaml', host: 'my-app.example.com' },
  { sample: 'canary-linkerd.yaml', host: 'my-app' },
  { sample: 'canary-nginx.yaml', host: 'my-app.example.com' },
  { sample: 'canary-smi.yaml', host: 'my-app' },
  { sample: 'canary-traefik.yaml', host: 'my-app.example.com' },
  { sample: 'canary-contour.yaml', host: 'my-app.example.com' },
  { sample: 'canary-apisix.yaml', host: 'my-app.example.com' },
  { sample: 'canary-alb.yaml', host: 'lb.example.com' },
] as const;
