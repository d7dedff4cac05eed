import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CASES } from '../../test/traffic/allCases.js';
import { asMap, type Case, context, HEADER, MIRROR, target } from '../../test/traffic/cases.js';
import type { KubeObject } from '../metacontroller/object.js';
import { LAST_APPLIED_ANNOTATION } from '../metacontroller/unchanged.js';
import { dynamicCreate, dynamicUpdate } from '../sandbox/metacontroller/dynamicApply.js';
import { STORMSERVICE_LABEL } from '../schema/names.js';
import type { ObservedTraffic, TrafficTarget } from './router.js';
import { routerFor } from './routers.js';

const WEIGHTS = Array.from({ length: 101 }, (_, weight) => weight);

describe.each(CASES)('$title', each => {
  const router = routerFor(each.spec);
  const config = each.spec.config;
  const routes = [HEADER, MIRROR].filter(
    ({ action }) => !router.lacks.includes(action === 'setHeaderRoute' ? 'headerRoute' : 'mirrorRoute'),
  );
  const base = context({ related: each.related ?? {} });
  const desired = (wanted: TrafficTarget, children: readonly KubeObject[] = settled(each)) =>
    router.desired(config, wanted, { ...base, children: asMap(children) });
  const observe = (children: readonly KubeObject[], maxWeight = 100): ObservedTraffic =>
    router.observed(config, { ...base, children: asMap(children, router.kinds(config)), maxWeight });

  it('has nothing to object to', () => {
    expect(router.problems(config, 'istio')).toEqual([]);
    expect(router.refusals(config, routes)).toEqual([]);
  });

  it('makes only kinds that it announces, in the namespace of the StormService and with its label', () => {
    const children = desired(target(20));
    expect(new Set(children.map(child => `${child.kind}.${child.apiVersion}`))).toEqual(new Set(router.kinds(config)));
    for (const { metadata } of children) {
      expect(metadata.namespace).toBe('shop');
      expect(metadata.labels).toMatchObject({ [STORMSERVICE_LABEL]: 'my-app' });
    }
    const names = children.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('is absent before its objects exist', () => {
    const observed = observe([]);
    expect(observed.state).toBe('absent');
    expect(observed.state === 'absent' && observed.missing.length).toBeGreaterThan(0);
  });

  it('agrees on nothing while one of its objects is missing', () => {
    const children = desired(target(20));
    for (const lost of children.filter(() => children.length > 1)) {
      const observed = observe(children.filter(child => child !== lost));
      expect(observed.state === 'present' && observed.agreed).toBe(false);
      expect(observed.missing).toContain(`${lost.kind} shop/${lost.metadata.name}`);
    }
  });

  it('reads back every weight that it writes, with and without managed routes', () => {
    for (const weight of WEIGHTS) {
      for (const set of [[], ...routes.map(route => [route]), routes]) {
        expect(observe(desired(target(weight, { routes: set })))).toMatchObject({
          state: 'present',
          weight,
          agreed: true,
          managedRoutes: set.map(({ name }) => name),
        });
      }
    }
  });

  it('reads back every weight of another maximum', () => {
    for (const maxWeight of [1, 7, 1000]) {
      for (const weight of new Set([0, 1, Math.floor(maxWeight / 3), maxWeight])) {
        expect(observe(desired(target(weight, { maxWeight })), maxWeight)).toMatchObject({ weight, agreed: true });
      }
    }
  });

  it('is the same for the same target', () => {
    expect(JSON.stringify(desired(target(33, { routes })))).toBe(JSON.stringify(desired(target(33, { routes }))));
  });

  it('comes out of dynamic apply exactly as desired, in any order of targets', () => {
    fc.assert(
      fc.property(fc.array(targets(routes), { minLength: 2, maxLength: 6 }), series => {
        let children = desired(series[0]!).map(dynamicCreate);
        for (const wanted of series) {
          const next = desired(wanted, children);
          children = next.map(child => applied(children, child));
          expect(children.map(withoutRecord)).toEqual(next);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('writes nothing when nothing changes', () => {
    const children = desired(target(20, { routes })).map(dynamicCreate);
    for (const child of desired(target(20, { routes }), children)) {
      expect(dynamicUpdate(find(children, child)!, child)).toBeUndefined();
    }
  });

  it('never throws, whatever is observed', () => {
    const kinds = router.kinds(config);
    const garbage = fc.anything({ withNullPrototype: false, maxDepth: 6 });
    const spoiled = fc
      .tuple(fc.constantFrom(...desired(target(20, { routes }))), garbage, fc.infiniteStream(fc.boolean()))
      .map(([child, junk, coin]) => spoil(child, junk, () => coin.next().value === true));
    fc.assert(
      fc.property(fc.oneof(garbage, spoiled), fc.constantFrom(...kinds), (object, kind) => {
        const children = { [kind]: { 'shop/my-app': object as KubeObject } };
        const observed = router.observed(config, { ...base, children, maxWeight: 100 });
        if (observed.state === 'present') {
          expect(observed.weight).toBeGreaterThanOrEqual(0);
          expect(Number.isInteger(observed.weight)).toBe(true);
        }
        router.desired(config, target(20, { routes }), { ...base, children, related: children });
      }),
      { numRuns: 300 },
    );
  });

  it("follows Flagger's series of primary weights", () => {
    const primary = (weights: readonly number[]) =>
      weights.map(weight => {
        const observed = observe(desired(target(weight)));
        return observed.state === 'present' ? 100 - observed.weight : undefined;
      });
    expect(primary([0, 20, 40, 60])).toEqual([100, 80, 60, 40]);
    expect(primary([0, 50, 100])).toEqual([100, 50, 0]);
    expect(primary([0, 1, 2, 10, 80])).toEqual([100, 99, 98, 90, 20]);
  });
});

/** Children as they are once everything was applied: some routers wait for one object before they use it in another. */
function settled({ spec, related = {} }: Case): readonly KubeObject[] {
  const router = routerFor(spec);
  return router.desired(spec.config, target(0), context({ related }));
}

function targets(routes: TrafficTarget['routes']): fc.Arbitrary<TrafficTarget> {
  return fc
    .record({
      weight: fc.integer({ min: 0, max: 100 }),
      routes: fc.subarray([...routes]),
      stableRevision: fc.constantFrom('aaa', 'bbb'),
      canaryRevision: fc.constantFrom('aaa', 'bbb', 'ccc'),
    })
    .map(({ weight, ...other }) => target(weight, other));
}

function find(children: readonly KubeObject[], { kind, metadata }: KubeObject): KubeObject | undefined {
  return children.find(child => child.kind === kind && child.metadata.name === metadata.name);
}

function applied(children: readonly KubeObject[], child: KubeObject): KubeObject {
  const observed = find(children, child);
  return observed === undefined ? dynamicCreate(child) : (dynamicUpdate(observed, child) ?? observed);
}

function withoutRecord(child: KubeObject): KubeObject {
  const { [LAST_APPLIED_ANNOTATION]: _, ...annotations } = child.metadata.annotations ?? {};
  const { annotations: __, ...metadata } = child.metadata;
  return { ...child, metadata: { ...metadata, ...(Object.keys(annotations).length > 0 && { annotations }) } };
}

/** The object with some of its values replaced by junk. */
function spoil(value: unknown, junk: unknown, now: () => boolean): unknown {
  if (Array.isArray(value)) return value.map(item => (now() && now() && now() ? junk : spoil(item, junk, now)));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key !== 'name' && now() && now() && now() ? junk : spoil(inner, junk, now),
    ]),
  );
}

describe('routerFor', () => {
  it('knows every router by the name that specs use', () => {
    for (const { spec } of CASES) expect(routerFor(spec).name).toBe(spec.router);
  });
});
