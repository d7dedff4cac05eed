import { describe, expect, it } from 'vitest';
import { context, HEADER, MIRROR, target } from '../../test/traffic/cases.js';
import type { Fields } from '../schema/json.js';
import {
  isHeaderRoute,
  MANAGED_ROUTES_ANNOTATION,
  managedAnnotation,
  managedNames,
  routesInForce,
} from './managedRoutes.js';

const names = (annotation: unknown, header: boolean, mirror: boolean) =>
  managedNames({ metadata: { annotations: { [MANAGED_ROUTES_ANNOTATION]: annotation } } }, { header, mirror });

describe('routes in force', () => {
  it('come in the order of managedRoutes, those that it does not list last', () => {
    const unknown = { ...MIRROR, name: 'unknown' };
    const other = { ...MIRROR, name: 'other' };
    const routes = [unknown, other, MIRROR, HEADER];
    expect(routesInForce(target(0, { routes }), context()).map(({ name }) => name)).toEqual([
      'testers',
      'shadow',
      'unknown',
      'other',
    ]);
  });

  it('have a match', () => {
    expect(routesInForce(target(0, { routes: [{ ...HEADER, match: [] }, MIRROR] }), context())).toEqual([MIRROR]);
  });
});

it('the annotation names each route after its kind', () => {
  expect(managedAnnotation([HEADER, MIRROR])).toEqual({ [MANAGED_ROUTES_ANNOTATION]: 'header:testers,mirror:shadow' });
  expect(managedAnnotation([])).toEqual({});
});

describe('names', () => {
  it('are believed only of the kinds that are seen', () => {
    expect(names('header:a,mirror:b,header:c', true, true)).toEqual(['a', 'c', 'b']);
    expect(names('header:a,mirror:b', true, false)).toEqual(['a']);
    expect(names('header:a,mirror:b', false, false)).toEqual([]);
  });

  it('are made up where the annotation has none', () => {
    expect(names('mirror:b', true, true)).toEqual(['unnamed header route', 'b']);
    expect(names('headera', true, false)).toEqual(['unnamed header route']);
    expect(names(5, false, true)).toEqual(['unnamed mirror route']);
    expect(managedNames({}, { header: true, mirror: false })).toEqual(['unnamed header route']);
  });
});

it('a header route goes to the canary alone, and every match of it asks for headers', () => {
  const asks = ({ headers }: Fields) => headers !== undefined;
  const withHeaders = [{ headers: {} }];
  expect(isHeaderRoute(['canary'], withHeaders, asks)).toBe(true);
  expect(isHeaderRoute(['canary', 'other'], withHeaders, asks)).toBe(true);
  expect(isHeaderRoute(['canary', 'stable'], withHeaders, asks)).toBe(false);
  expect(isHeaderRoute(['other'], withHeaders, asks)).toBe(false);
  expect(isHeaderRoute(['canary'], [], asks)).toBe(false);
  expect(isHeaderRoute(['canary'], [...withHeaders, {}], asks)).toBe(false);
});
