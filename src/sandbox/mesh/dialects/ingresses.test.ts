import { describe, expect, it } from 'vitest';
import { object, sharesOf } from '../../../../test/mesh/standingCluster.js';
import type { KubeObject } from '../../../metacontroller/object.js';
import type { JsonObject } from '../../../schema/json.js';

const HOST = 'shop.example.com';
const PREFIX = 'nginx.ingress.kubernetes.io';

function ingress(
  name: string,
  service: string,
  annotations: Readonly<Record<string, string>> = {},
  { path = '/', host = HOST, className = 'nginx', port = { number: 80 } as JsonObject } = {},
): KubeObject {
  const paths = [{ path, pathType: 'Prefix', backend: { service: { name: service, port } } }];
  return object(
    'networking.k8s.io/v1',
    'Ingress',
    name,
    { ingressClassName: className, rules: [{ host, http: { paths } }] },
    annotations,
  );
}
const canary = (annotations: Readonly<Record<string, string>>, options = {}) =>
  ingress(
    'canary',
    'my-app-canary',
    Object.fromEntries(
      Object.entries({ canary: 'true', ...annotations }).map(([key, value]) => [`${PREFIX}/${key}`, value]),
    ),
    options,
  );
const MAIN = ingress('main', 'my-app-stable');
const ask = (objects: readonly KubeObject[], other: object = {}) => sharesOf(objects, { host: HOST, ...other });

describe('nginx', () => {
  it('divides by the weight of the canary, out of its total', () => {
    expect(ask([MAIN])).toEqual({ old: 1 });
    expect(ask([MAIN, canary({ 'canary-weight': '20' })])).toEqual({ old: 0.8, new: 0.2 });
    expect(ask([MAIN, canary({ 'canary-weight': '20', 'canary-weight-total': '1000' })])).toEqual({
      old: 0.98,
      new: 0.02,
    });
    expect(ask([MAIN, canary({ 'canary-weight': '100' })])).toEqual({ new: 1 });
  });

  it('ignores a total below 100, as the controller does', () => {
    expect(ask([MAIN, canary({ 'canary-weight': '10', 'canary-weight-total': '10' })])).toEqual({ old: 0.9, new: 0.1 });
  });

  it('looks at a header first, then at a cookie, then at the weight', () => {
    const byHeader = [MAIN, canary({ 'canary-by-header': 'X-Canary', 'canary-weight': '20' })];
    expect(ask(byHeader, { headers: { 'x-canary': 'always' } })).toEqual({ new: 1 });
    expect(ask(byHeader, { headers: { 'x-canary': 'never' } })).toEqual({ old: 1 });
    expect(ask(byHeader, { headers: { 'x-canary': 'maybe' } })).toEqual({ old: 0.8, new: 0.2 });
    const byValue = [MAIN, canary({ 'canary-by-header': 'X-Canary', 'canary-by-header-value': 'yes' })];
    expect(ask(byValue, { headers: { 'x-canary': 'yes' } })).toEqual({ new: 1 });
    expect(ask(byValue, { headers: { 'x-canary': 'always' } })).toEqual({ old: 1 });
    const byPattern = [MAIN, canary({ 'canary-by-header': 'X-Canary', 'canary-by-header-pattern': '^y' })];
    expect(ask(byPattern, { headers: { 'x-canary': 'yes' } })).toEqual({ new: 1 });
    const byCookie = [MAIN, canary({ 'canary-by-cookie': 'next', 'canary-weight': '20' })];
    expect(ask(byCookie, { headers: { cookie: 'a=b; next=always' } })).toEqual({ new: 1 });
  });

  it('belongs to the same host, path and class only', () => {
    for (const other of [{ path: '/cart' }, { host: 'other.example.com' }, { className: 'nginx-inner' }]) {
      expect(ask([MAIN, canary({ 'canary-weight': '50' }, other)])).toEqual({ old: 1 });
    }
  });

  it('takes the longest path', () => {
    const cart = ingress('cart', 'my-app-canary', {}, { path: '/cart' });
    expect(ask([MAIN, cart], { path: '/cart/1' })).toEqual({ new: 1 });
    expect(ask([MAIN, cart], { path: '/carts' })).toEqual({ old: 1 });
  });
});

describe('alb', () => {
  const forward = (targetGroups: readonly JsonObject[]) =>
    ingress(
      'lb',
      'web',
      { 'alb.ingress.kubernetes.io/actions.web': JSON.stringify({ type: 'forward', forwardConfig: { targetGroups } }) },
      { className: 'alb', port: { name: 'use-annotation' } },
    );

  it('divides by the weights of the target groups', () => {
    const groups = [
      { serviceName: 'my-app-stable', servicePort: '80', weight: 60 },
      { serviceName: 'my-app-canary', servicePort: '80', weight: 40 },
    ];
    expect(ask([forward(groups)])).toEqual({ old: 0.6, new: 0.4 });
  });

  it('sends without annotation to the Service, and fails without the action', () => {
    expect(ask([ingress('lb', 'my-app-canary', {}, { className: 'alb' })])).toEqual({ new: 1 });
    const none = ingress('lb', 'web', {}, { className: 'alb', port: { name: 'use-annotation' } });
    expect(ask([none])).toEqual({ failing: 1 });
  });
});
