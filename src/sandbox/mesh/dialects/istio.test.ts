import { describe, expect, it } from 'vitest';
import { object, service, sharesOf } from '../../../../test/mesh/standingCluster.js';
import type { KubeObject } from '../../../metacontroller/object.js';
import type { JsonObject } from '../../../schema/json.js';
import { REVISION_LABEL } from '../../../schema/names.js';

const virtualService = (spec: JsonObject, name = 'web'): KubeObject =>
  object('networking.istio.io/v1', 'VirtualService', name, spec);
const to = (host: string, weight?: number, subset?: string): JsonObject => ({
  destination: { host, ...(subset !== undefined && { subset }) },
  ...(weight !== undefined && { weight }),
});
const split = (canary: number): readonly JsonObject[] => [
  to('my-app-stable', 100 - canary),
  to('my-app-canary', canary),
];

describe('istio', () => {
  it('divides by weight', () => {
    const objects = [virtualService({ hosts: ['my-app'], http: [{ route: split(20) }] })];
    expect(sharesOf(objects, { host: 'my-app' })).toEqual({ old: 0.8, new: 0.2 });
    expect(sharesOf(objects, { host: 'my-app.shop.svc.cluster.local' })).toEqual({ old: 0.8, new: 0.2 });
    expect(sharesOf(objects, { host: 'my-app-canary' })).toEqual({ new: 1 });
  });

  it('does not look at the weight of a single destination', () => {
    const objects = [virtualService({ hosts: ['my-app'], http: [{ route: [to('my-app-canary', 0)] }] })];
    expect(sharesOf(objects, { host: 'my-app' })).toEqual({ new: 1 });
  });

  it('takes the first route that matches, in all that one match asks for', () => {
    const http = [
      { match: [{ headers: { 'x-canary': { exact: 'yes' } }, uri: { prefix: '/api' } }], route: [to('my-app-canary')] },
      { match: [{ method: { exact: 'POST' } }, { uri: { regex: '/v[12]' } }], route: split(50) },
      { route: [to('my-app-stable')] },
    ];
    const objects = [virtualService({ hosts: ['my-app'], http })];
    const ask = (other: object) => sharesOf(objects, { host: 'my-app', ...other });
    expect(ask({ path: '/api/x', headers: { 'x-canary': 'yes' } })).toEqual({ new: 1 });
    expect(ask({ path: '/api/x' })).toEqual({ old: 1 });
    expect(ask({ headers: { 'x-canary': 'yes' } })).toEqual({ old: 1 });
    expect(ask({ method: 'POST' })).toEqual({ old: 0.5, new: 0.5 });
    expect(ask({ path: '/v2' })).toEqual({ old: 0.5, new: 0.5 });
    expect(ask({ path: '/v22' })).toEqual({ old: 1 });
  });

  it('answers 404 where no route matches, and 503 for what is not there', () => {
    const only = [
      virtualService({ hosts: ['my-app'], http: [{ match: [{ uri: { exact: '/x' } }], route: split(20) }] }),
    ];
    expect(sharesOf(only, { host: 'my-app' })).toEqual({ failing: 1 });
    const missing = [virtualService({ hosts: ['my-app'], http: [{ route: [to('my-app', 60), to('nowhere', 40)] }] })];
    expect(sharesOf(missing, { host: 'my-app' })).toEqual({ old: 0.6, failing: 0.4 });
    // Istio completes names without dots only: this one is nobody's.
    const partial = [virtualService({ hosts: ['my-app'], http: [{ route: [to('my-app-stable.shop')] }] })];
    expect(sharesOf(partial, { host: 'my-app' })).toEqual({ failing: 1 });
  });

  it('chooses subsets by the labels of the DestinationRule', () => {
    const subset = (name: string, revision: string) => ({ name, labels: { [REVISION_LABEL]: revision } });
    const rule = object('networking.istio.io/v1', 'DestinationRule', 'web', {
      host: 'all',
      subsets: [subset('stable', 'old'), subset('canary', 'new')],
    });
    const route = [to('all', 90, 'stable'), to('all', 10, 'canary')];
    const objects = [service('all'), virtualService({ hosts: ['all'], http: [{ route }] })];
    expect(sharesOf([...objects, rule], { host: 'all' })).toEqual({ old: 0.9, new: 0.1 });
    expect(sharesOf(objects, { host: 'all' })).toEqual({ failing: 1 });
  });

  it('mirrors', () => {
    const one = { mirror: { host: 'my-app-canary' }, mirrorPercentage: { value: 35 }, route: [to('my-app-stable')] };
    const several = { mirrors: [{ destination: { host: 'my-app-canary' } }], route: [to('my-app-stable')] };
    const shares = (route: JsonObject) =>
      sharesOf([virtualService({ hosts: ['my-app'], http: [route] })], { host: 'my-app' });
    expect(shares(one)).toEqual({ old: 1, 'copies to new': 0.35 });
    expect(shares(several)).toEqual({ old: 1, 'copies to new': 1 });
  });

  it('prefers the more specific host, then the older VirtualService', () => {
    const objects = [
      virtualService({ hosts: ['*'], http: [{ route: [to('empty')] }] }, 'any'),
      virtualService({ hosts: ['*.example.com'], http: [{ route: [to('my-app-stable')] }] }, 'some'),
      virtualService({ hosts: ['a.example.com'], http: [{ route: [to('my-app-canary')] }] }, 'one'),
      virtualService({ hosts: ['a.example.com'], http: [{ route: [to('empty')] }] }, 'another'),
    ];
    expect(sharesOf(objects, { host: 'a.example.com' })).toEqual({ new: 1 });
    expect(sharesOf(objects, { host: 'b.example.com' })).toEqual({ old: 1 });
    expect(sharesOf(objects, { host: 'example.org' })).toEqual({ failing: 1 });
  });
});
