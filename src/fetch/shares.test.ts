import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Shares } from './shares.js';

it('each owner gets its share, and not more', () => {
  const shares = new Shares({ each: 3, all: 10, always: 1 });
  expect([1, 2, 3, 4].map(() => shares.take('a'))).toEqual([true, true, true, false]);
  expect(shares.take('b', 3)).toBe(true);
  expect(shares.take('b', 1)).toBe(false);
  expect(shares.taken).toBe(6);
});

it('all owners together get no more than there is, but each a little', () => {
  const shares = new Shares({ each: 3, all: 6, always: 1 });
  expect([shares.take('a', 3), shares.take('b', 3)]).toEqual([true, true]);
  expect([shares.take('c', 2), shares.take('c'), shares.take('c')]).toEqual([false, true, false]);
  expect(shares.taken).toBe(7);
});

it('what is given back can be taken again', () => {
  const shares = new Shares({ each: 2, all: 2, always: 0 });
  expect(shares.take('a', 2)).toBe(true);
  expect(shares.take('b')).toBe(false);
  shares.give('a');
  expect(shares.take('b')).toBe(true);
  shares.give('a');
  shares.give('b');
  expect(shares.taken).toBe(0);
});

it('whatever is taken and given: within the rules, and nothing is lost', () => {
  const rules = { each: 5, all: 8, always: 2 };
  const move = fc.record({
    owner: fc.constantFrom('a', 'b', 'c', 'd'),
    amount: fc.integer({ min: 1, max: 6 }),
    give: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(move, { maxLength: 60 }), moves => {
      const shares = new Shares(rules);
      const own: Record<string, number> = { a: 0, b: 0, c: 0, d: 0 };
      for (const { owner, amount, give } of moves) {
        const before = own[owner]!;
        if (give) {
          const given = Math.min(amount, before);
          shares.give(owner, given);
          own[owner] = before - given;
        } else if (shares.take(owner, amount)) own[owner] = before + amount;
        else expect(before + amount > rules.always).toBe(true);
        const values = Object.values(own);
        const sum = values.reduce((total, value) => total + value, 0);
        expect(shares.taken).toBe(sum);
        expect(Math.max(...values)).toBeLessThanOrEqual(rules.each);
        expect(sum).toBeLessThanOrEqual(rules.all + rules.always * values.length);
      }
    }),
  );
});
