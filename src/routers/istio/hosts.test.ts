import { describe, expect, it } from 'vitest';
import { context } from '../../../test/traffic/cases.js';
import { type Destinations, isSplitRoute, sideOf, sidesOf, towards } from './hosts.js';

const subsets = { stable: 'old', canary: 'new' };
const host: Destinations = { context: context(), splitting: 'Host', subsets };
const subset: Destinations = { ...host, splitting: 'Subset' };

describe('whom a destination names', () => {
  it.each<[object, Destinations, string]>([
    [{ host: 'my-app-stable' }, host, 'stable'],
    [{ host: 'my-app-canary' }, host, 'canary'],
    [{ host: 'my-app-canary', subset: 'x' }, host, 'canary'],
    [{ host: 'my-app' }, host, 'other'],
    [{ host: 'my-app' }, subset, 'stable'],
    [{ host: 'my-app', subset: 'old' }, subset, 'stable'],
    [{ host: 'my-app', subset: 'new' }, subset, 'canary'],
    [{ host: 'my-app', subset: 'x' }, subset, 'other'],
    [{ host: 'other', subset: 'new' }, subset, 'other'],
    [{ host: 'my-app-canary' }, subset, 'canary'],
    [{ host: 'my-app-stable.shop.svc.cluster.local' }, host, 'stable'],
    [{ host: 'my-app-stable.shop.svc' }, host, 'stable'],
    [{ host: 'my-app-stable.shop.example' }, host, 'other'],
    [{ host: 'my-app-stable.other' }, host, 'other'],
    [{ host: 5 }, host, 'other'],
    [{}, host, 'other'],
  ])('%j', (destination, destinations, side) => {
    expect(sideOf(destination, destinations)).toBe(side);
  });

  it('makes a route one of ours', () => {
    const route = { route: [{ destination: { host: 'a' } }, { destination: { host: 'my-app-canary' } }] };
    expect(sidesOf(route, host)).toEqual(['other', 'canary']);
    expect(isSplitRoute(route, host)).toBe(true);
    expect(isSplitRoute({ route: [{ destination: { host: 'a' } }] }, host)).toBe(false);
    expect(isSplitRoute({}, host)).toBe(false);
  });
});

describe('towards a side', () => {
  it.each<['stable' | 'canary', object, Destinations, object]>([
    ['canary', { host: 'my-app-stable' }, host, { host: 'my-app-canary' }],
    ['stable', { host: 'my-app-canary.shop' }, host, { host: 'my-app-stable.shop' }],
    ['canary', { host: 'my-app-stable', port: { number: 1 } }, host, { host: 'my-app-canary', port: { number: 1 } }],
    ['canary', { host: 'my-app-stable', subset: 'x' }, host, { host: 'my-app-canary', subset: 'x' }],
    ['canary', { host: 'my-app', subset: 'old' }, host, { host: 'my-app-canary' }],
    ['stable', { host: 'my-app', subset: 'new' }, host, { host: 'my-app-stable' }],
    [
      'canary',
      { host: 'my-app-stable.shop.svc.cluster.local' },
      subset,
      { host: 'my-app.shop.svc.cluster.local', subset: 'new' },
    ],
    ['stable', { host: 'my-app' }, subset, { host: 'my-app', subset: 'old' }],
    ['stable', {}, host, { host: 'my-app-stable' }],
  ])('%s of %j', (side, destination, destinations, result) => {
    expect(towards(side, { ...destination }, destinations)).toEqual(result);
  });
});
