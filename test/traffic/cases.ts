import type { Static, TSchema } from 'typebox';
import type { ApplyStrategy } from '../../src/metacontroller/hook.js';
import type { KubeObject } from '../../src/metacontroller/object.js';
import type { ManagedRoute, ObserverContext, Router, RouterContext, TrafficTarget } from '../../src/routers/router.js';
import { type RouterName, type RouterSpec, readRouters, type routerFor } from '../../src/routers/routers.js';
import type { JsonObject } from '../../src/schema/json.js';
import { Place } from '../../src/schema/place.js';

/** One router with one configuration as it is written in `trafficRouting`; the contract holds for each of them. */
export interface CaseOf<Name extends RouterName> {
  readonly title: string;
  readonly config: Static<ReturnType<typeof routerFor<Name>>['schema']>;
  readonly related?: RouterContext['related'];
}

/** The same, read. */
export interface Case {
  readonly title: string;
  readonly spec: RouterSpec;
  readonly related?: RouterContext['related'];
}

/** Routers as `readSpec` reads them, from what is valid. */
export function routers(raw: Parameters<typeof readRouters>[0]): readonly RouterSpec[] {
  const place = new Place('trafficRouting', []);
  const read = readRouters(raw, { name: 'my-app', rootService: 'my-app' }, place);
  if (place.count > 0) throw new Error(JSON.stringify(place.problems));
  return read;
}

/** A router that takes its configuration as it is written in `trafficRouting`: every call reads it first. */
export function asWritten<Schema extends TSchema, Config>(router: Router<Schema, Config>) {
  type Raw = Static<Schema>;
  const read = (raw: Raw): Config => {
    const place = new Place(router.name, []);
    const [config] = router.read(raw, { name: 'my-app', rootService: 'my-app' }, place);
    if (config === undefined || place.count > 0) throw new Error(JSON.stringify(place.problems));
    return config;
  };
  return {
    lacks: router.lacks,
    kinds: (raw: Raw) => router.kinds(read(raw)),
    problems: (raw: Raw, path: string, strategy?: ApplyStrategy) => router.problems(read(raw), path, strategy),
    refusals: (raw: Raw, routes: readonly ManagedRoute[]) => router.refusals(read(raw), routes),
    rootService: (raw: Raw) => router.rootService(read(raw)),
    related: (raw: Raw, within: Pick<RouterContext, 'parent'>) => router.related(read(raw), within),
    desired: (raw: Raw, wanted: TrafficTarget, within: RouterContext) => router.desired(read(raw), wanted, within),
    observed: (raw: Raw, within: ObserverContext) => router.observed(read(raw), within),
  };
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
