import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Revision, RolePods } from './revisions.js';
import { limitingRole, podsForSets, podTotal, roleSetsOf } from './roleSets.js';

function role(name: string, perSet: number, spec: number, available = spec, upgradeOrder = 0): RolePods {
  return { role: name, perSet, upgradeOrder, spec, replicas: spec, ready: available, available };
}

function revision(...roles: readonly RolePods[]): Revision {
  return { hash: 'abc', number: 1, created: 0, roles };
}

describe('roleSetsOf', () => {
  it.each<[string, Revision | undefined, number, number]>([
    ['no revision', undefined, 0, 0],
    ['no roles', revision(), 0, 0],
    ['a plain template', revision(role('', 1, 5, 3)), 5, 3],
    ['two roles in step', revision(role('prefill', 1, 4), role('decode', 2, 8)), 4, 4],
    ['a slow role', revision(role('prefill', 1, 4), role('decode', 2, 8, 3)), 4, 1],
    ['a role with more pods', revision(role('prefill', 1, 2), role('decode', 2, 7)), 4, 2],
    ['a role without pods', revision(role('prefill', 1, 3), role('decode', 2, 0)), 3, 0],
    ['a role of size 0', revision(role('prefill', 1, 3), role('router', 0, 0)), 3, 3],
  ])('%s', (_, given, spec, available) => {
    expect(roleSetsOf(given)).toEqual({ spec, available });
  });

  it('never counts more available than desired', () => {
    const some = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(20), fc.nat(20));
    fc.assert(
      fc.property(fc.array(some, { minLength: 1, maxLength: 4 }), roles => {
        const given = revision(
          ...roles.map(([perSet, spec, available], i) => role(`r${i}`, perSet, spec, Math.min(spec, available))),
        );
        const { spec, available } = roleSetsOf(given);
        expect(available).toBeLessThanOrEqual(spec);
      }),
    );
  });
});

describe('limitingRole', () => {
  const behind = [role('a', 1, 4, 3), role('b', 2, 8, 2), role('c', 1, 4)];

  it.each<[string, readonly RolePods[], number, string | undefined]>([
    ['the role furthest behind, counted in role sets', behind, 4, 'b'],
    ['the same in another order', behind.toReversed(), 4, 'b'],
    ['the only role behind', [role('a', 1, 4, 4), role('b', 2, 8, 7)], 4, 'b'],
    ['of two as far behind the first', [role('a', 1, 4, 1), role('b', 2, 8, 2)], 4, 'a'],
    ['none if all roles are available', behind, 1, undefined],
    ['none with a single role', [role('', 1, 4, 0)], 4, undefined],
    ['none without roles', [], 4, undefined],
  ])('is %s', (_, roles, wanted, name) => {
    expect(limitingRole(revision(...roles), wanted)?.role).toBe(name);
  });
});

describe('podsForSets', () => {
  const pods = (given: Revision, sets: number) => Object.fromEntries(podsForSets(given, sets));

  it('scales roles up in upgradeOrder, each once those before it are available', () => {
    const start = (a: number, b: number) =>
      revision(role('a', 1, 3, a, 1), role('b', 2, 0, b, 2), role('c', 1, 0, 0, 2));
    expect(pods(start(2, 0), 3)).toEqual({ a: 3, b: 0, c: 0 });
    expect(pods(start(3, 0), 3)).toEqual({ a: 3, b: 6, c: 3 });
  });

  it('scales a role up before its pods are available, and so roles with the same upgradeOrder', () => {
    expect(pods(revision(role('a', 1, 2, 0, 1), role('b', 2, 0, 0, 1)), 3)).toEqual({ a: 3, b: 6 });
  });

  it('an earlier role holds up later ones until all pods of its role sets are available', () => {
    const start = (available: number) => revision(role('a', 2, 6, available, 1), role('b', 1, 1, 1, 2));
    expect(pods(start(5), 3)).toEqual({ a: 6, b: 1 });
    expect(pods(start(6), 3)).toEqual({ a: 6, b: 3 });
  });

  it('roles with a later upgradeOrder do not hold up earlier ones', () => {
    expect(pods(revision(role('late', 1, 0, 0, 2), role('early', 1, 0, 0, 1)), 3)).toEqual({ late: 0, early: 3 });
  });

  it('scales all roles down at once', () => {
    expect(pods(revision(role('a', 1, 3, 0, 1), role('b', 2, 6, 0, 2)), 1)).toEqual({ a: 1, b: 2 });
  });

  it('keeps the size of later roles when an earlier one fails', () => {
    expect(pods(revision(role('a', 1, 3, 2, 1), role('b', 2, 6, 6, 2)), 3)).toEqual({ a: 3, b: 6 });
  });
});

it('podTotal counts the pods of all roles', () => {
  const counts = { spec: 9, replicas: 8, ready: 7, available: 6 };
  const given = revision({ ...role('a', 1, 0), ...counts }, { ...role('b', 2, 0), ...counts }, role('c', 1, 1));
  const fields = ['spec', 'replicas', 'ready', 'available'] as const;
  expect(fields.map(field => podTotal(given, field))).toEqual([19, 17, 15, 13]);
  expect(podTotal(revision(), 'spec')).toBe(0);
});
