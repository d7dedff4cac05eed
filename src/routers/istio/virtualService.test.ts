import { describe, expect, it } from 'vitest';
import { context, HEADER, MIRROR, target } from '../../../test/traffic/cases.js';
import type { Fields, JsonObject } from '../../schema/json.js';
import type { StringMatch } from '../../schema/stringMatch.js';
import type { ManagedRoute } from '../router.js';
import type { Destinations } from './hosts.js';
import { narrowedRoute, virtualServiceSpec } from './virtualService.js';

const destinations: Destinations = {
  context: context(),
  splitting: 'Host',
  subsets: { stable: 'stable', canary: 'canary' },
};
const stable = { destination: { host: 'my-app-stable' } };
const canary = { destination: { host: 'my-app-canary' } };

/** What becomes of the http routes. */
function http(routes: readonly JsonObject[], managed: readonly ManagedRoute[] = [], within = destinations) {
  const config = { virtualService: { name: 'v', spec: { hosts: ['a'], http: routes } } };
  const spec = virtualServiceSpec(config, { destinations: within, target: target(20), routes: managed });
  return spec['http'] as readonly Fields[];
}

describe('routes', () => {
  it('to others, and redirects, stay what they are, but for their names', () => {
    const redirect = { redirect: { uri: '/a' } };
    expect(http([redirect, { name: 'a', route: [{ destination: { host: 'b' } }] }])).toEqual([
      redirect,
      { route: [{ destination: { host: 'b' } }] },
    ]);
  });

  it('of tls and tcp are split and keep their names; what is no list stays', () => {
    const spec = { tls: [{ name: 't', route: [stable] }, { route: [{ destination: { host: 'b' } }] }], tcp: 5 };
    const rendered = virtualServiceSpec(
      { virtualService: { name: 'v', spec } },
      { destinations, target: target(20), routes: [HEADER] },
    );
    expect(rendered).toEqual({
      tls: [
        {
          name: 't',
          route: [
            { ...stable, weight: 80 },
            { ...canary, weight: 20 },
          ],
        },
        { route: [{ destination: { host: 'b' } }] },
      ],
      tcp: 5,
    });
  });

  it('with several destinations give those without a weight none', () => {
    const [route] = http([{ route: [{ ...stable, weight: 100 }, { destination: { host: 'b' } }] }]);
    expect(route?.['route']).toEqual([
      { ...stable, weight: 4 },
      { ...canary, weight: 1 },
      { destination: { host: 'b' }, weight: 0 },
    ]);
  });

  it('are written with subsets where these split, whatever the user wrote', () => {
    const within: Destinations = { ...destinations, splitting: 'Subset' };
    const [route] = http([{ route: [stable] }], [], within);
    expect(route?.['route']).toEqual([
      { destination: { host: 'my-app', subset: 'stable' }, weight: 80 },
      { destination: { host: 'my-app', subset: 'canary' }, weight: 20 },
    ]);
  });
});

describe('a spec that the user leaves to us', () => {
  const spec = (virtualService: object, ports: readonly { readonly port: number }[] = []) =>
    virtualServiceSpec(
      { virtualService: { name: 'v', ...virtualService } },
      { destinations: { ...destinations, context: context({ ports }) }, target: target(0), routes: [] },
    );

  it('has the hosts and gateways of the configuration', () => {
    expect(spec({ hosts: ['a'], gateways: ['g'] })).toMatchObject({ hosts: ['a'], gateways: ['g'] });
    expect(spec({})).toMatchObject({ hosts: ['my-app'] });
    expect(spec({})).not.toHaveProperty('gateways');
  });

  it('names no port where there is one', () => {
    expect(spec({}, [{ port: 80 }])).toMatchObject({ http: [{ route: [stable, canary] }] });
    expect(JSON.stringify(spec({}, [{ port: 80 }]))).not.toContain('port');
  });
});

describe('a mirror', () => {
  const mirror = { mirror: canary.destination, mirrorPercentage: { value: 35 } };
  const own = { host: 'audit' };
  const ours = { ...canary, percentage: { value: 35 } };

  it.each<[string, JsonObject, JsonObject]>([
    ['alone', {}, mirror],
    ["beside the user's own", { mirror: own }, { mirrors: [{ destination: own }, ours] }],
    [
      "beside the user's own with a percentage",
      { mirror: own, mirrorPercentage: { value: 5 } },
      { mirrors: [{ destination: own, percentage: { value: 5 } }, ours] },
    ],
    ['beside several', { mirrors: [{ destination: own }] }, { mirrors: [{ destination: own }, ours] }],
  ])('%s', (_, written, rendered) => {
    const [mirrored, plain] = http([{ route: [stable], ...written }], [MIRROR]);
    const { match, route, ...rest } = mirrored ?? {};
    expect(rest).toEqual(rendered);
    expect(match).toEqual([{ method: { exact: 'GET' } }]);
    expect(route).toEqual(plain?.['route']);
    expect(plain).not.toHaveProperty('match');
  });
});

describe('what a managed route matches', () => {
  interface Wanted {
    readonly path?: StringMatch;
    readonly method?: StringMatch;
    readonly headers?: Readonly<Record<string, StringMatch>>;
  }
  const narrowed = (own: JsonObject, wanted: Wanted) =>
    narrowedRoute({ match: [own] }, { action: 'setMirrorRoute', name: 'm', percentage: 1, match: [wanted] })[0];

  it.each<[JsonObject, Wanted, JsonObject | undefined]>([
    [{}, {}, {}],
    [{ port: 80 }, { path: { prefix: '/a' } }, { port: 80, uri: { prefix: '/a' } }],
    [{ uri: { prefix: '/' } }, { path: { regex: 'a' } }, { uri: { regex: 'a' } }],
    [{ uri: { prefix: '' } }, { path: { exact: '/a' } }, { uri: { exact: '/a' } }],
    [{ uri: { prefix: '/a' } }, { path: { prefix: '/ab' } }, { uri: { prefix: '/ab' } }],
    [{ uri: { prefix: '/a' } }, { path: { prefix: '/' } }, { uri: { prefix: '/a' } }],
    [{ uri: { prefix: '/a' } }, { path: { exact: '/b' } }, undefined],
    [{ uri: { exact: '/a' } }, { path: { prefix: '/a' } }, { uri: { exact: '/a' } }],
    [{ uri: { regex: '/a' } }, { path: { prefix: '/a' } }, undefined],
    [{ uri: { regex: '/a' } }, { path: { regex: '/a' } }, { uri: { regex: '/a' } }],
    [{ uri: { other: 5 } }, { path: { exact: '/a' } }, { uri: { exact: '/a' } }],
    [{ method: { exact: 'GET' } }, { method: { exact: 'PUT' } }, undefined],
    [{ method: { exact: 'GET' } }, { method: { prefix: 'G' } }, { method: { exact: 'GET' } }],
    [{ method: { exact: 'GET' } }, {}, { method: { exact: 'GET' } }],
    [
      { headers: { a: { exact: '1' } } },
      { headers: { 'X-B': { exact: '2' } } },
      { headers: { a: { exact: '1' }, 'x-b': { exact: '2' } } },
    ],
    [{ headers: { a: { exact: '1' } } }, { headers: { A: { exact: '1' } } }, undefined],
    [{ headers: { a: { exact: '1' } } }, {}, { headers: { a: { exact: '1' } } }],
  ])('%j and %j is %j', (own, wanted, both) => {
    expect(narrowed(own, wanted)).toEqual(both);
  });
});
