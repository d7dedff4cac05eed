import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOf, othersBefore, type Replica, ranked } from './replica.js';

const replica = (index: number): Replica => ({ address: `10.0.0.${index}`, port: 8080, own: false });
const uids = Array.from({ length: 1000 }, (_, index) => `uid-${index}`);
const ids = (replicas: readonly Replica[]) => replicas.map(idOf);

it('an id is an address and a port', () => {
  expect(idOf(replica(1))).toBe('10.0.0.1:8080');
  expect(idOf({ address: 'fd00::1', port: 443 })).toBe('[fd00::1]:443');
});

describe('ranked', () => {
  it.each([
    ['a', ['10.0.0.1:8080', '10.0.0.3:8080', '10.0.0.2:8080']],
    ['b', ['10.0.0.2:8080', '10.0.0.1:8080', '10.0.0.3:8080']],
    ['c', ['10.0.0.3:8080', '10.0.0.2:8080', '10.0.0.1:8080']],
  ])('never changes: replicas of two versions agree on %s', (key, order) => {
    expect(ids(ranked(key, [1, 2, 3].map(replica)))).toEqual(order);
  });

  it('does not depend on the order in which DNS lists them, nor on who asks', () => {
    const members = fc.uniqueArray(fc.integer({ min: 1, max: 250 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(fc.string(), members, fc.integer(), (key, indexes, seed) => {
        const replicas = indexes.map(replica);
        const others = replicas
          .map(each => ({ ...each, own: (each.address.length + seed) % 2 === 0 }))
          .sort((left, right) => (seed % 2 === 0 ? 1 : -1) * left.address.localeCompare(right.address));
        expect(ids(ranked(key, others))).toEqual(ids(ranked(key, replicas)));
      }),
    );
  });

  it('moves only the keys of a replica that is gone, each to the next in its own ranking', () => {
    const all = [1, 2, 3].map(replica);
    const [dead, ...alive] = all;
    const moved = uids.filter(uid => ranked(uid, all)[0] === dead);
    for (const uid of uids) {
      const [first, second] = ranked(uid, all);
      expect(ranked(uid, alive)[0]).toBe(first === dead ? second : first);
    }
    const heirs = moved.map(uid => ranked(uid, alive)[0]);
    for (const each of alive) expect(heirs.filter(heir => heir === each).length).toBeGreaterThan(moved.length / 3);
  });

  it.each([2, 3, 5])('gives each of %i about the same share', count => {
    const replicas = Array.from({ length: count }, (_, index) => replica(index + 1));
    for (const each of replicas) {
      const share = uids.filter(uid => ranked(uid, replicas)[0] === each).length / uids.length;
      expect(share * count).toBeGreaterThan(0.85);
      expect(share * count).toBeLessThan(1.15);
    }
  });

  it('of none is none', () => {
    expect(ranked('a', [])).toEqual([]);
  });
});

describe('the others before this one', () => {
  const all = [1, 2, 3].map(replica);
  const without = (own: number) => all.map(each => ({ ...each, own: each === replicaOf(own) }));
  const replicaOf = (index: number) => all[index - 1];

  it.each([1, 2, 3])('are those that the ranking has before %i', own => {
    for (const uid of uids.slice(0, 50)) {
      const order = ids(ranked(uid, all));
      expect(ids(othersBefore(uid, without(own)))).toEqual(order.slice(0, order.indexOf(idOf(replica(own)))));
    }
  });

  it('are all when it is not in the list, and none when it is alone in it', () => {
    expect(othersBefore('a', all)).toHaveLength(3);
    expect(othersBefore('a', [{ ...replica(1), own: true }])).toEqual([]);
    expect(othersBefore('a', [])).toEqual([]);
  });
});
