import { describe, expect, it } from 'vitest';
import { asMap, context } from '../../test/traffic/cases.js';
import { display, findIn, routeChild } from './child.js';
import { observeChild, together } from './observedTraffic.js';

const a = { name: 'A shop/a', carries: { weights: [20] } };
const route = { apiVersion: 'x/v1', kind: 'X', name: 'my-app' };

describe('together', () => {
  it('is absent while nothing exists', () => {
    expect(together([{ name: 'A shop/a' }, { name: 'B shop/b' }])).toEqual({
      state: 'absent',
      missing: ['A shop/a', 'B shop/b'],
    });
  });

  it('has the largest weight, and agrees when all are equal', () => {
    const present = { state: 'present', managedRoutes: [] };
    expect(together([a, a])).toEqual({ ...present, weight: 20, agreed: true });
    expect(together([a, { name: 'b', carries: { weights: [30, 20] } }])).toEqual({
      ...present,
      weight: 30,
      agreed: false,
    });
    expect(together([{ name: 'b', carries: { weights: [] } }])).toEqual({ ...present, weight: 0, agreed: true });
  });

  it('does not agree while one is missing', () => {
    expect(together([a, { name: 'b' }])).toEqual({
      state: 'present',
      weight: 20,
      agreed: false,
      managedRoutes: [],
      missing: ['b'],
    });
  });

  it('has all managed routes once, and every refusal', () => {
    const carries = (managedRoutes: readonly string[], refused?: string) => ({ weights: [], managedRoutes, refused });
    expect(
      together([
        { name: 'a', carries: carries(['x', 'y'], 'no') },
        { name: 'b', carries: carries(['y']) },
        { name: 'c', carries: carries([], 'never') },
      ]),
    ).toMatchObject({ managedRoutes: ['x', 'y'], refused: 'no; never' });
  });
});

describe('a child', () => {
  const child = routeChild(context(), { ...route, spec: { a: 1 } });

  it('is in the namespace of the StormService, with its label, and with annotations only if there are any', () => {
    const metadata = {
      name: 'my-app',
      namespace: 'shop',
      labels: { 'orchestration.aibrix.io/stormservice': 'my-app' },
    };
    expect(child).toEqual({ apiVersion: 'x/v1', kind: 'X', metadata, spec: { a: 1 } });
    expect(routeChild(context(), { ...route, annotations: { a: 'b' }, spec: {} }).metadata).toEqual({
      ...metadata,
      annotations: { a: 'b' },
    });
  });

  it('is found by kind, name and namespace; one without a namespace is in that of the StormService', () => {
    const found = (objects: Parameters<typeof asMap>[0], name = route) => findIn(asMap(objects), context(), name);
    const { namespace: _, ...metadata } = child.metadata;
    expect(found([child])).toBe(child);
    expect(found([{ ...child, metadata }])).toMatchObject({ metadata });
    expect(found([{ ...child, metadata: { ...metadata, namespace: 'other' } }])).toBeUndefined();
    expect(found([child], { ...route, name: 'other' })).toBeUndefined();
    expect(found([child], { ...route, kind: 'Y' })).toBeUndefined();
    expect(found([child], { ...route, apiVersion: 'x/v2' })).toBeUndefined();
  });

  it('is observed under the name that messages show', () => {
    const observed = (children: Parameters<typeof asMap>[0]) =>
      observeChild(context({ children: asMap(children) }), route, (object, name) => ({
        weights: [Object.keys(object).length],
        refused: name,
      }));
    expect(display(context(), route)).toBe('X shop/my-app');
    expect(observed([child])).toEqual({ name: 'X shop/my-app', carries: { weights: [4], refused: 'X shop/my-app' } });
    expect(observed([])).toEqual({ name: 'X shop/my-app' });
  });
});
