import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Json } from '../schema/json.js';
import { compileCondition } from './condition.js';
import { MAX_RESULT_SIZE } from './cost.js';

const words = fc.constantFrom(
  ...'result x y # . [ ] ( ) { } , ? : ?? ?. .. == != <= > + - * / % && || ! and or not in all any filter map len size'.split(
    ' ',
  ),
  ...'0 1 2.5 "a" nil null true has(result.a) default( isNaN( contains matches | count first last asInt( float('.split(
    ' ',
  ),
);

test('no text makes the compiler throw, and no result the condition', () => {
  const texts = fc.oneof(
    fc.string({ maxLength: 60 }),
    fc.array(words, { maxLength: 14 }).map(all => all.join(' ')),
  );
  fc.assert(
    fc.property(texts, fc.oneof(fc.jsonValue(), fc.double()), (text, result) => {
      const compiled = compileCondition(text, 'c');
      if (compiled.ok) compiled.value.judge(result as Json);
      else expect(compiled.problems[0]?.remedy).not.toBe('');
    }),
    { numRuns: 2000 },
  );
});

test('an int and a double compare as the numbers that they are', () => {
  const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1.5, 2 ** 31, 2 ** 53));
  const operators = {
    '==': (a: number, b: number) => a === b,
    '!=': (a: number, b: number) => a !== b,
    '<': (a: number, b: number) => a < b,
    '>=': (a: number, b: number) => a >= b,
    in: (a: number, b: number) => a === b,
  };
  const operator = fc.constantFrom(...(Object.keys(operators) as (keyof typeof operators)[]));
  const form = fc.constantFrom('asFloat(@)', 'asInt(@)', 'double(@)', '@');
  fc.assert(
    fc.property(number, number, operator, form, form, (a, b, sign, left, right) => {
      const [one, other] = [left.replace('@', 'result[0]'), right.replace('@', 'result[1]')];
      const text = sign === 'in' ? `${one} in [${other}]` : `${one} ${sign} ${other}`;
      const values = [a, b].map((value, index) =>
        [left, right][index] === 'asInt(@)' ? Math.trunc(value) : value,
      ) as [number, number];
      const compiled = compileCondition(text, 'c');
      if (!compiled.ok) throw new Error(compiled.problems[0]?.problem);
      expect(compiled.value.judge([a, b])).toEqual({ ok: true, holds: operators[sign](...values) });
    }),
  );
});

/** Lists out of lists, texts out of texts: the ways in which a small expression can grow large. */
const { list } = fc.letrec<{ list: string }>(tie => {
  const grown = (body: string) => tie('list').map(inner => body.replaceAll('@', inner));
  return {
    list: fc.oneof(
      { maxDepth: 4 },
      fc.constant('result'),
      grown('[@]'),
      grown('(@ + @)'),
      grown('@.map(x, x)'),
      grown('@.map(x, [x, x])'),
      grown('@.map(x, x + x)'),
      grown('@.map(x, result)'),
      grown('@.filter(x, x == x)'),
      grown('@.map(x, result.filter(y, y != x))'),
      grown('[@.join("aaaaaaaaaaaaaaaa")]'),
      grown('@[0].split("")'),
    ),
  };
});

test('whatever is accepted ends soon on the largest results', () => {
  const large: readonly Json[] = [
    Array.from({ length: MAX_RESULT_SIZE - 1 }, () => 1),
    Array.from({ length: MAX_RESULT_SIZE / 2 - 1 }, () => 'aaaaaaaa'),
    ['a'.repeat(16 * (MAX_RESULT_SIZE - 4))],
    Array.from({ length: 140 }, () => Array.from({ length: 140 }, () => 1)),
    [Array.from({ length: MAX_RESULT_SIZE - 2 }, () => 1)],
  ];
  let accepted = 0;
  fc.assert(
    fc.property(
      list,
      fc.constantFrom('size(@) > 0', '@.all(z, z == z)', 'result.all(z, @[0] != z)', '@ == @', 'result in @'),
      (inner, outer) => {
        const compiled = compileCondition(outer.replaceAll('@', inner), 'c');
        if (!compiled.ok) return;
        accepted += 1;
        for (const result of large) {
          // Processor time: what else runs on the machine does not count.
          const before = process.cpuUsage();
          compiled.value.judge(result);
          const { user, system } = process.cpuUsage(before);
          expect((user + system) / 1000).toBeLessThan(1000);
        }
      },
    ),
    { numRuns: 100 },
  );
  expect(accepted).toBeGreaterThan(5);
});
