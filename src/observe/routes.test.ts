import { expect, it } from 'vitest';
import { type Raw, routed } from '../../test/api/specs.js';
import { asMap, target } from '../../test/traffic/cases.js';
import { readSpec } from '../api/readSpec.js';
import { isRouted, type RoutedStrategy } from '../api/strategy/trafficRouting.js';
import { SERVICE } from '../metacontroller/children.js';
import type { KubeObject } from '../metacontroller/object.js';
import type { TrafficTarget } from '../routers/router.js';
import { desiredRoutes } from '../routers/routers.js';
import { REVISION_LABEL } from '../schema/names.js';
import { foreignRoutes } from './foreignRoutes.js';
import { type Observation, observe } from './observation.js';
import { observeRoutes, rootSelection, routerContext } from './routes.js';

const KINDS = [SERVICE, 'TrafficSplit.split.smi-spec.io/v1alpha1', 'TraefikService.traefik.io/v1alpha1'];
const BOTH = { smi: {}, traefik: {} };

function observed(routing: Raw, children: readonly KubeObject[] = [], kinds: readonly string[] = KINDS) {
  const raw = routed(routing);
  const metadata = { name: 'my-app', namespace: 'shop', uid: 'u1', generation: 1 };
  const parent = { apiVersion: 'orchestration.aibrix.io/v1alpha1', kind: 'StormService', metadata, spec: raw };
  const spec = readSpec(raw, { name: 'my-app', namespace: 'shop', applyStrategy: 'dynamic-apply' });
  if (!spec.ok || !isRouted(spec.value.strategy)) throw new Error(JSON.stringify(spec));
  const request = { parent, children: asMap(children, kinds), related: {} };
  return { observation: observe(request, spec.value), strategy: spec.value.strategy };
}

function routes({ observation, strategy }: { observation: Observation; strategy: RoutedStrategy }) {
  return observeRoutes(observation, strategy);
}

/** The children for a target. */
function children(routing: Raw, wanted: TrafficTarget): readonly KubeObject[] {
  const { observation, strategy } = observed(routing);
  return desiredRoutes(strategy.trafficRouting.routers, wanted, routerContext(observation, strategy));
}

function service(name: string, revision?: string): KubeObject {
  const selector = { app: 'my-app', ...(revision !== undefined && { [REVISION_LABEL]: revision }) };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector } };
}

it('routers with the same weight agree', () => {
  expect(routes(observed(BOTH, children(BOTH, target(20))))).toMatchObject({ weight: 20, agreed: true, missing: [] });
});

it('routers with different weights disagree, and the largest counts', () => {
  const mixed = [...children({ smi: {} }, target(20)), ...children({ traefik: {} }, target(30))];
  expect(routes(observed(BOTH, mixed))).toMatchObject({ weight: 30, agreed: false });
});

it('a router without objects agrees with no other, not even on 0', () => {
  expect(routes(observed(BOTH, children({ smi: {} }, target(0))))).toMatchObject({
    weight: 0,
    agreed: false,
    missing: ['TraefikService shop/my-app', 'TraefikService shop/my-app-canary'],
  });
  expect(routes(observed(BOTH))).toMatchObject({ weight: 0, agreed: false });
});

it('names kinds that are not watched, with the component that adds them', () => {
  const [, smi] = KINDS;
  expect(routes(observed(BOTH, [], [SERVICE])).unwatched).toEqual([
    { kind: smi, component: 'smi' },
    { kind: KINDS[2], component: 'traefik' },
  ]);
  expect(routes(observed(BOTH)).unwatched).toEqual([]);
});

it('has no reason why a router cannot work if all can', () => {
  expect(routes(observed({ smi: {} }))).not.toHaveProperty('refused');
});

it('the root Service selects all pods if any router needs it', () => {
  const { observation, strategy } = observed({ istio: { destinationRule: {} }, smi: {} });
  expect(rootSelection(observation.spec, strategy)).toBe('allPods');
});

it('stable is the selection of the stable and the root Service, canary that of the canary Service', () => {
  const services = [service('my-app', 'aaa'), service('my-app-stable', 'bbb'), service('my-app-canary', 'ccc')];
  expect(routes(observed({ smi: {} }, services))).toMatchObject({ stable: ['bbb', 'aaa'], canary: ['ccc'] });
  expect(routes(observed({ smi: {} }, [service('my-app-stable')]))).toMatchObject({
    stable: ['*', undefined],
    canary: [undefined],
  });
});

it('subsets have their own selection, and the root Service selects all pods', () => {
  const subsets = { istio: { destinationRule: {} } };
  const kinds = [SERVICE, 'VirtualService.networking.istio.io/v1', 'DestinationRule.networking.istio.io/v1'];
  const { observation, strategy } = observed(subsets, children(subsets, target(20)), kinds);
  expect(observeRoutes(observation, strategy)).toMatchObject({
    stable: [undefined, 'aaa'],
    canary: [undefined, 'bbb'],
  });
  expect(rootSelection(observation.spec, strategy)).toBe('allPods');
  const { service: _, ...withoutService } = observation.spec;
  expect(rootSelection(withoutService, strategy)).toBe('stable');
  expect(rootSelection(observation.spec, observed(BOTH).strategy)).toBe('stable');
});

it('managed routes and the first reason why a router cannot work span all routers', () => {
  const header = {
    action: 'setHeaderRoute' as const,
    name: 'testers',
    match: [{ headerName: 'x-canary', headerValue: { exact: 'yes' } }],
  };
  const istio = { istio: {}, managedRoutes: [{ name: 'testers' }] };
  const kinds = [SERVICE, 'VirtualService.networking.istio.io/v1'];
  const made = children(istio, target(20, { routes: [header] }));
  const { refused: none, ...seen } = routes(observed(istio, made, kinds));
  expect(seen.managed).toEqual(['testers']);
  expect(none).toBeUndefined();
  const elsewhere = { istio: { virtualService: { spec: { http: [{ route: [{ destination: { host: 'a' } }] }] } } } };
  expect(routes(observed(elsewhere, made, kinds)).refused).toMatch(/^VirtualService shop\/my-app: no route/);
});

it('the state has the selections, weight, agreement, managed routes and the last write', () => {
  const time = '2026-01-01T00:00:07Z';
  const split = children({ smi: {} }, target(20)).map(child => ({
    ...child,
    metadata: { ...child.metadata, managedFields: [{ manager: 'metacontroller', time }] },
  }));
  const services = [service('my-app', 'aaa'), service('my-app-stable', 'aaa'), service('my-app-canary', 'bbb')];
  expect(routes(observed({ smi: {} }, [...split, ...services])).state).toBe(`aaa,aaa bbb 20  ${time}`);
  expect(routes(observed(BOTH, split)).state).toBe(`-,- - 20?  ${time}`);
});

it('the state lists managed routes by name, whatever the order of the rules', () => {
  const match = [{ headerName: 'x-canary', headerValue: { exact: 'yes' } }];
  const routing = { istio: {}, managedRoutes: [{ name: 'second' }, { name: 'first' }] };
  const actions = ['second', 'first'].map(name => ({ action: 'setHeaderRoute' as const, name, match }));
  const kinds = [SERVICE, 'VirtualService.networking.istio.io/v1'];
  const { managed, state } = routes(observed(routing, children(routing, target(20, { routes: actions })), kinds));
  expect(managed).toEqual(['first', 'second']);
  expect(state).toBe('-,- - 20 first,second ');
});

it('route objects that the configuration does not create are foreign, Services never are', () => {
  const [split] = children({ smi: {} }, target(20));
  const [renamed] = children({ smi: { trafficSplitName: 'other' } }, target(20));
  const map = asMap([split!, renamed!, service('my-app')]);
  expect(foreignRoutes(map, [split!])).toEqual([renamed]);
  expect(foreignRoutes(map, [])).toHaveLength(2);
});
