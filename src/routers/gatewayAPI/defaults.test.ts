import { describe, expect, it } from 'vitest';
import type { Fields } from '../../schema/json.js';
import { completeSpec } from './defaults.js';
import type { RouteKind } from './schema.js';

const http: RouteKind = { field: 'httpRoute', kind: 'HTTPRoute', matches: 'http' };
const grpc: RouteKind = { field: 'grpcRoute', kind: 'GRPCRoute', matches: 'grpc' };
const rule = (written: Fields, kind = http) => {
  const { rules } = completeSpec({ rules: [written] }, kind) as { rules: readonly Fields[] };
  return rules[0];
};
const root = { path: { type: 'PathPrefix', value: '/' } };

describe('completeSpec', () => {
  it('adds nothing where nothing is written', () => {
    expect(completeSpec({ hostnames: ['a'] }, http)).toEqual({ hostnames: ['a'] });
    expect(completeSpec({ rules: [], parentRefs: [] }, http)).toEqual({ rules: [], parentRefs: [] });
    expect(completeSpec({ rules: 5, parentRefs: 'a' }, http)).toEqual({ rules: 5, parentRefs: 'a' });
  });

  it('attaches to Gateways', () => {
    const parentRefs = [{ name: 'a' }, { name: 'b', group: '', kind: 'Service' }];
    expect(completeSpec({ parentRefs }, grpc)).toEqual({
      parentRefs: [
        { name: 'a', group: 'gateway.networking.k8s.io', kind: 'Gateway' },
        { name: 'b', group: '', kind: 'Service' },
      ],
    });
  });

  it('sends to Services, with a weight', () => {
    const backendRefs = [{ name: 'a' }, { name: 'b', kind: 'ServiceImport', group: 'x', weight: 0 }];
    expect(rule({ backendRefs }, grpc)).toEqual({
      backendRefs: [{ group: '', kind: 'Service', name: 'a', weight: 1 }, backendRefs[1]],
    });
  });

  it('matches all paths of HTTP where none is written, and no method of gRPC', () => {
    expect(rule({})).toEqual({ matches: [root] });
    expect(rule({ matches: [] })).toEqual({ matches: [root] });
    expect(rule({ matches: [{ method: 'GET' }] })).toEqual({ matches: [{ method: 'GET', ...root }] });
    expect(rule({ matches: [{ path: 'x' }] })).toEqual({ matches: [root] });
    expect(rule({ matches: [{ path: { type: 'Exact', value: '/a' } }] })).toEqual({
      matches: [{ path: { type: 'Exact', value: '/a' } }],
    });
    expect(rule({}, grpc)).toEqual({});
    expect(rule({ matches: [{}] }, grpc)).toEqual({ matches: [{}] });
  });

  it('matches exactly', () => {
    const headers = [{ name: 'a' }, { name: 'b', type: 'RegularExpression' }];
    const exact = [{ type: 'Exact', name: 'a' }, headers[1]];
    expect(rule({ matches: [{ headers, queryParams: headers }] })).toEqual({
      matches: [{ ...root, headers: exact, queryParams: exact }],
    });
    expect(rule({ matches: [{ headers, method: { service: 's' } }] }, grpc)).toEqual({
      matches: [{ headers: exact, method: { type: 'Exact', service: 's' } }],
    });
  });

  it.each<[Fields, Fields]>([
    [{ requestRedirect: { port: 1 } }, { requestRedirect: { port: 1, statusCode: 302 } }],
    [{ requestRedirect: { statusCode: 301 } }, { requestRedirect: { statusCode: 301 } }],
    [{ cors: {} }, { cors: { maxAge: 5 } }],
    [{ requestMirror: { percent: 5 } }, { requestMirror: { percent: 5 } }],
    [
      { requestMirror: { backendRef: { name: 'a' }, fraction: { numerator: 1 } } },
      {
        requestMirror: {
          backendRef: { group: '', kind: 'Service', name: 'a' },
          fraction: { numerator: 1, denominator: 100 },
        },
      },
    ],
    [{ urlRewrite: {} }, { urlRewrite: {} }],
    [{ cors: 'x' }, { cors: 'x' }],
  ])('completes the filter %j of rules and of backends', (written, completed) => {
    expect(rule({ filters: [written] }, grpc)).toEqual({ filters: [completed] });
    expect(rule({ backendRefs: [{ filters: [written] }] }, grpc)).toEqual({
      backendRefs: [{ group: '', kind: 'Service', weight: 1, filters: [completed] }],
    });
  });
});
