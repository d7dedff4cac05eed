import { describe, expect, it } from 'vitest';
import type { Fields } from '../../schema/json.js';
import type { StringMatch } from '../../schema/stringMatch.js';
import type { ManagedRoute } from '../router.js';
import { narrowedRule } from './matches.js';
import type { RouteKind } from './schema.js';

const kinds = {
  http: { field: 'httpRoute', kind: 'HTTPRoute', matches: 'http' },
  grpc: { field: 'grpcRoute', kind: 'GRPCRoute', matches: 'grpc' },
  none: { field: 'tcpRoute', kind: 'TCPRoute', matches: 'none' },
} as const satisfies Record<string, RouteKind>;

interface Wanted {
  readonly path?: StringMatch;
  readonly method?: StringMatch;
  readonly headers?: Readonly<Record<string, StringMatch>>;
}

/** The match of the user narrowed to what a mirror asks for. */
function narrowed(own: Fields, wanted: Wanted, kind: keyof typeof kinds = 'http') {
  const mirror: ManagedRoute = { action: 'setMirrorRoute', name: 'm', percentage: 1, match: [wanted] };
  return narrowedRule({ matches: [own] }, mirror, kinds[kind])[0];
}

const path = (value: string, type = 'PathPrefix') => ({ path: { type, value } });

describe('paths', () => {
  it.each<[string, Fields, StringMatch, Fields | undefined]>([
    ['any path', {}, { prefix: '/a' }, path('/a')],
    ['the root', path('/'), { exact: '/a' }, path('/a', 'Exact')],
    ['an empty prefix', path(''), { regex: '/a.*' }, path('/a.*', 'RegularExpression')],
    ['a prefix without type', { path: { value: '/a' } }, { prefix: '/a/b' }, path('/a/b')],
    ['a path without value', { path: {} }, { prefix: '/a' }, path('/a')],
    ['a prefix of whole elements', path('/a'), { prefix: '/ab' }, undefined],
    ['a prefix that is the path', path('/a'), { exact: '/a' }, path('/a', 'Exact')],
    ['a prefix that ends in a slash', path('/a/'), { exact: '/a' }, path('/a', 'Exact')],
    ['a path below a prefix that ends in a slash', path('/a/'), { prefix: '/a/b' }, path('/a/b')],
    ['an exact path', path('/a/b', 'Exact'), { prefix: '/a' }, path('/a/b', 'Exact')],
    ['another exact path', path('/a', 'Exact'), { exact: '/b' }, undefined],
    ['an expression', path('/a', 'RegularExpression'), { prefix: '/a' }, undefined],
    ['the same expression', path('/a', 'RegularExpression'), { regex: '/a' }, path('/a', 'RegularExpression')],
  ])('%s', (_, own, wanted, both) => {
    expect(narrowed(own, { path: wanted })).toEqual(both);
  });

  it('stay what they are where the route asks for none', () => {
    expect(narrowed(path('/a'), { path: { prefix: '/' } })).toEqual(path('/a'));
    expect(narrowed({}, {})).toEqual({});
  });
});

it.each<[string | undefined, StringMatch | undefined, Fields | undefined]>([
  [undefined, undefined, {}],
  ['GET', undefined, { method: 'GET' }],
  [undefined, { exact: 'GET' }, { method: 'GET' }],
  ['GET', { exact: 'GET' }, { method: 'GET' }],
  ['GET', { exact: 'PUT' }, undefined],
  ['GET', { prefix: 'G' }, undefined],
  [undefined, { regex: 'G.*' }, undefined],
])('the method %s and %j are %j', (own, method, both) => {
  expect(narrowed(own === undefined ? {} : { method: own }, method === undefined ? {} : { method })).toEqual(both);
});

describe('headers', () => {
  it('are added to those of the rule', () => {
    const headers = { b: { exact: '1' }, c: { prefix: 'x.' }, d: { regex: 'y+' } };
    expect(narrowed({ headers: [{ name: 'a', value: '0' }] }, { headers })).toEqual({
      headers: [
        { name: 'a', value: '0' },
        { type: 'Exact', name: 'b', value: '1' },
        { type: 'RegularExpression', name: 'c', value: 'x\\..*' },
        { type: 'RegularExpression', name: 'd', value: 'y+' },
      ],
    });
  });

  it('of the same name, in whatever case, exclude each other', () => {
    expect(narrowed({ headers: [{ name: 'X-A' }] }, { headers: { 'x-a': { exact: '1' } } })).toBeUndefined();
    expect(narrowed({ headers: [{ name: 'x-a' }] }, { headers: { 'X-A': { exact: '1' } } }, 'grpc')).toBeUndefined();
    expect(narrowed({ headers: [{}] }, { headers: { a: { exact: '1' } } })).toMatchObject({
      headers: [{}, { name: 'a' }],
    });
  });
});

describe('gRPC', () => {
  it.each<[string, Fields, Wanted, Fields | undefined]>([
    [
      'a method by its path',
      {},
      { path: { exact: '/s.S/M' } },
      { method: { type: 'Exact', service: 's.S', method: 'M' } },
    ],
    ['a path that is no method', {}, { path: { exact: '/s.S' } }, undefined],
    ['a path with more behind it', {}, { path: { exact: '/s.S/M/x' } }, undefined],
    ['a path with more before it', {}, { path: { exact: 'x/s.S/M' } }, undefined],
    ['a prefix', {}, { path: { prefix: '/s.S/M' } }, undefined],
    ['a rule with a method, and a path', { method: { service: 's' } }, { path: { exact: '/s/M' } }, undefined],
    ['a rule with a method, and headers', { method: { service: 's' } }, {}, { method: { service: 's' } }],
    ['POST, which all of it is', {}, { method: { exact: 'POST' } }, {}],
    ['another method', {}, { method: { exact: 'GET' } }, undefined],
    ['headers', {}, { headers: { a: { exact: '1' } } }, { headers: [{ type: 'Exact', name: 'a', value: '1' }] }],
  ])('%s', (_, own, wanted, both) => {
    expect(narrowed(own, wanted, 'grpc')).toEqual(both);
  });
});

it('routes that match no requests are not narrowed', () => {
  expect(narrowed({}, {}, 'none')).toBeUndefined();
});
