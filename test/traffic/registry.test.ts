/** A router is complete only with what users and tests need beside its folder. */
import { describe, expect, it } from 'vitest';
import { ROUTER_NAMES, routerFor } from '../../src/routers/routers.js';
import { CASES } from './allCases.js';
import { componentKinds } from './components.js';
import { missing } from './missing.js';

describe.each(ROUTER_NAMES)('%s', name => {
  const { component } = routerFor({ router: name });
  const cases = CASES.filter(({ spec }) => spec.router === name);

  it('has all that a router needs', () => {
    expect(missing(name, component)).toEqual([]);
  });

  it('has a contract case', () => {
    expect(cases.length).toBeGreaterThan(0);
  });

  it('has the name under which specs configure it', () => {
    expect(routerFor({ router: name }).name).toBe(name);
  });

  it('has a component that lists kinds', () => {
    expect(componentKinds(`metacontroller/components/${component}`).length).toBeGreaterThan(0);
  });
});

it('a router without any of it is told what to write, and where', () => {
  expect(missing('haproxy', 'haproxy')).toEqual([
    'router haproxy has no schema.ts: write src/routers/haproxy/schema.ts',
    'router haproxy has no desired.ts: write src/routers/haproxy/desired.ts',
    'router haproxy has no observed.ts: write src/routers/haproxy/observed.ts',
    'router haproxy has no haproxy.ts: write src/routers/haproxy/haproxy.ts',
    'router haproxy has no contract case: write test/traffic/cases/haproxy.ts',
    'router haproxy has no docs page: write docs/traffic/haproxy.md',
    'router haproxy has no kustomize component: write metacontroller/components/haproxy/kustomization.yaml',
    'router haproxy has no row in the table of routers: add one that links haproxy.md to docs/traffic/README.md',
    'router haproxy has no sample: write samples/rollout/canary-haproxy.yaml',
  ]);
});
