import { describe, expect, test } from 'vitest';
import type { Json } from '../schema/json.js';
import { compileCondition } from './condition.js';
import { MAX_RESULT_SIZE } from './cost.js';

function judge(text: string, result: Json) {
  const compiled = compileCondition(text, 'metrics[0].successCondition');
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  return compiled.value.judge(result);
}

function remedy(text: string) {
  const compiled = compileCondition(text, 'metrics[0].successCondition');
  return compiled.ok ? undefined : compiled.problems[0]?.remedy;
}

function problem(text: string) {
  const compiled = compileCondition(text, 'metrics[0].successCondition');
  return compiled.ok ? undefined : compiled.problems[0]?.problem;
}

const holds: readonly [string, Json, boolean][] = [
  ['result[0] >= 1', [1], true],
  ['result[0] >= 0.95', [0.94], false],
  ['result == 200', 200, true],
  ['result.code == 200', { code: 200 }, true],
  ['result.code != 200', { code: 200 }, false],
  ['200 == result.code', { code: 200 }, true],
  ['result["code"] == 200', { code: 200 }, true],
  ['result in [200, 201]', 201, true],
  ['result[0] * 100 > 5', [0.06], true],
  ['result[0] + 1 >= 2 && 2 - result[0] <= 1', [1], true],
  ['result.errors / result.total < 0.01', { errors: 1, total: 3 }, false],
  [
    'result.requests_made * result.requests_succeeded / 100 >= 90',
    { requests_made: 100, requests_succeeded: 90 },
    true,
  ],
  ['result % 2 == 0', 4, true],
  ['isNaN(result[0]) || result[0] < 1', [Number.NaN], true],
  ['result[0] >= 0.95', [Number.NaN], false],
  ['result[0] < 0.95', [Number.NaN], false],
  ['isInf(result)', Number.NEGATIVE_INFINITY, true],
  ['isNil(result)', null, true],
  ['isNil(result)', 0, false],
  ['default(result, 0) == 0', null, true],
  ['default(result, 0) == 7', 7, true],
  ['asInt(result) == 3', '3', true],
  ['asInt(result) == 3', 3.9, true],
  ['asFloat(result) > 0.5', '0.51', true],
  ['isNaN(asFloat(result))', 'NaN', true],
  ['size(result) == 0', [], true],
  ['result.size() > 0 && result[0] > 1', [], false],
  ['result.all(x, x > 1)', [2, 3], true],
  ['result.exists(x, x.pod == "a" && x.errors > 0)', [{ pod: 'a', errors: 1 }], true],
  ['result.filter(x, x > 1).size() == 1', [1, 2], true],
  ['result.map(x, x.v).all(v, v < 3)', [{ v: 1 }, { v: 2 }], true],
  ['result.all(series, series.all(v, v < 3))', [[1], [2, 1]], true],
  ['has(result.ok) && result.ok', { ok: true }, true],
  ['result.ok', { ok: false }, false],
  ['result ? true : false', true, true],
  ['result.status == "ok"', { status: 'ok' }, true],
  ['result.message.contains("fine")', { message: 'all fine' }, true],
  ['result > 9007199254740992', 9007199254740994, true],
];

/** An int and a double, of which CEL itself compares only those whose types it does not know. */
const mixed: readonly [string, Json, boolean][] = [
  ['asFloat(result) == 1', '1', true],
  ['asFloat(result) == 1', '1.5', false],
  ['1 == asFloat(result)', '1', true],
  ['asFloat(result) != 1', '1', false],
  ['asFloat(result) != 1', 'NaN', true],
  ['asFloat(result) in [1, 2]', '2', true],
  ['asFloat(result) in [1, 2]', '1.5', false],
  ['!(asFloat(result) in [1, 2])', '1.5', true],
  ['asInt(result) in [1.0, 2.5]', '1', true],
  ['asInt(result) == 2.0', '2', true],
  ['double(result) == 2', 2, true],
  ['size(result) != 1.0', [1, 2], true],
  ['size(result) == 2.0 && asFloat(result[0]) == 1 && asFloat(result[1]) in [2]', [1, 2], true],
  ['result.all(x, asFloat(x) == 1)', ['1', '1.0'], true],
  ['result.filter(x, asFloat(x) in [1, 2]).size() == 2', ['1', '2', '3'], true],
  ['(asFloat(result) == 1) == true', '1', true],
  ['[asFloat(result)] == [1]', '1', true],
  ['[asFloat(result)] in [[1], [2]]', '2', true],
  ['asFloat(result) < 2 && asFloat(result) <= 1 && asFloat(result) > 0 && asFloat(result) >= 1', '1', true],
  ['asFloat(result) == 9007199254740993', '9007199254740992', false],
];

describe('judging a result', () => {
  test.each([...holds, ...mixed])('%s on %j is %s', (text, result, expected) => {
    expect(judge(text, result)).toEqual({ ok: true, holds: expected });
  });

  test.each<readonly [string, Json, RegExp]>([
    ['result[0] > 1', [], /no data/],
    ['result > 1', null, /no data/],
    ['result[3] > 1', [1], /out of range|out of bounds/],
    ['result.a.b > 1', {}, /No such key: a/],
    ['result > 1', 'text', /no such overload/],
    ['result', 7, /neither true nor false/],
    ['asInt(result) > 1', 'seven', /not a whole number/],
    ['asFloat(result) > 1', 'seven', /not a number/],
    ['asInt(result) > 1', Number.NaN, /no whole part/],
  ])('%s on %j is an error', (text, result, message) => {
    const judgement = judge(text, result);
    expect(judgement.ok).toBe(false);
    expect(judgement.ok ? '' : judgement.message).toMatch(message);
  });

  test('a result above the limit is not evaluated', () => {
    const judgement = judge(
      'size(result) > 0',
      Array.from({ length: MAX_RESULT_SIZE + 1 }, () => 1),
    );
    expect(judgement).toEqual({ ok: false, message: 'the result is too large to be judged' });
    expect(judge('result.size() > 0', 'x'.repeat(16 * MAX_RESULT_SIZE)).ok).toBe(false);
  });
});

describe('refusing a condition when it is first seen', () => {
  test.each([
    ['foo(result) > 1', /calls foo/],
    ['result.matches("(a+)+$")', /calls matches/],
    ['cel.bind(a, result + result, size(a) > 1)', /calls bind/],
    ['result[0] >', /not valid/],
    ['response > 1', /not valid/],
    ['"a" > 1', /not valid/],
    ['isNaN("x")', /not valid/],
    ['result[0] + 1', /not true or false|not valid/],
    ['1 + 1', /yields a number/],
    ['"ok"', /yields string/],
    ['asInt(result) / 2 > 1', /drops the remainder/],
    [`result > ${'1'.repeat(1100)}`, /characters/],
  ])('%s', (text, expected) => {
    expect(problem(text)).toMatch(expected);
  });

  test('names the field and what was meant', () => {
    expect(compileCondition('isNan(result)', 'metrics[2].failureCondition')).toEqual({
      ok: false,
      problems: [
        {
          path: 'metrics[2].failureCondition',
          problem: 'the condition "isNan(result)" calls isNan, which conditions do not have',
          remedy: 'did you mean isNaN?',
        },
      ],
    });
  });

  test.each([
    ['max(result) < 1', 'write list.all(x, x < 0.05) or list.exists(x, x > 0.05)'],
    ['round(result) == 1', 'let the query do it'],
    ['float(result) > 1', 'did you mean asFloat?'],
    ['all(result, x > 1)', 'call it on a list: list.all(x, x > 1)'],
    ['result.values[-2] > 1', 'write list[size(list) - 1] for the last'],
    ['asInt(result) / 2 > 1', 'write one of them with a decimal point (100.0), or as double(…)'],
  ])('%s: %s', (text, remedy) => {
    expect(compileCondition(text, 'c')).toMatchObject({ problems: [{ remedy }] });
  });

  test.each([
    'result.all(a, result.all(b, result.all(c, a + b > c)))',
    'result.exists(x, x in result)',
    '[result].map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).map(x, x + x).all(x, size(x) > 0)',
    `result.all(a, a.all(b, b.all(c, c.all(d, d > 1))))`,
    // Joining lists copies them, however little of the outcome is looked at.
    'result.all(x, (result + result)[0] == 1)',
    'result.all(x, (x == 1 ? result + result : result) != [1])',
    // The time that reading a duration takes grows with the third power of its length.
    'duration(result) > duration("1s")',
    `duration("${'1'.repeat(900)}") > duration("1s")`,
    // Time zones are slow to look up.
    'result.all(x, timestamp(x).getHours("Europe/Berlin") > 6)',
  ])('%s can take too long', text => {
    expect(problem(text)).toMatch(/too long/);
  });

  test.each([
    'result.all(x, timestamp(x.ended) - timestamp(x.began) < duration("5m"))',
    'result.all(x, x.a + x.b < 3)',
    'result[0] + result[1] + result[2] < 100',
  ])('%s is not too expensive', text => {
    expect(problem(text)).toBeUndefined();
  });

  test('the most expensive conditions allowed end soon, whatever the result', () => {
    const worst = holds.map(([text]) => text).concat('result.all(x, x == x && x < x && x + x > x)');
    const results: Json[] = [
      Array.from({ length: MAX_RESULT_SIZE - 1 }, () => 1),
      Array.from({ length: 140 }, () => Array.from({ length: 140 }, () => 1)),
      [Array.from({ length: MAX_RESULT_SIZE - 2 }, () => 1)],
    ];
    for (const text of worst) {
      for (const result of results) {
        // Processor time: what else runs on the machine does not count.
        const before = process.cpuUsage();
        judge(text, result);
        const { user, system } = process.cpuUsage(before);
        expect((user + system) / 1000).toBeLessThan(1000);
      }
    }
  });
});

describe('expr-lang, the language of Argo Rollouts', () => {
  test.each([
    'all(result, # > 1)',
    'all(result, {# > 1})',
    'all(result, x > 1)',
    'any(result, {.value > 1 && #.name == "a"})',
    'none(result.items, # == null)',
    'one(result, # > 1)',
    'count(result, # > 1) < 3',
    'find(result, # > 1) == 2',
    'filter(result, x > 1) == []',
    'all(map(result, .v), # > 1)',
    'reduce(result, #acc + #, 0) > 1',
    'result | filter(# > 1) | len() == 1',
    'len(result) == 0',
    'first(result) > 1',
    'last(result) > 1',
    'float(result) > 1',
    'lower(result) == "x"',
    'trim(result) == "x"',
    'contains(result, "a")',
    'max(result) < 1',
    'sum(result) > 1',
    'default(result) == 1',
    'asInt(result, 2) == 1',
    'asInt(result[0]) / asInt(result[1]) > 1',
    'size(result) / 2 > 1',
    '(result ?? 0) < 1',
    'result ?: 1',
    'result?.code == 200',
    'result.code in 200..299',
    'result.code in [200..299]',
    'result.code not in [500, 503]',
    'not result',
    'not (result > 1)',
    'result > 1 and result < 3',
    'result > 1 or result < 3',
    'result != nil',
    'result.text contains "ok"',
    'result.text startsWith "fine"',
    'result.text endsWith "fine"',
    'result matches "a.*"',
    'result[-1] > 1',
    'result[1:2] == [1]',
    'result ** 2 > 1',
    'result ^ 2 > 1',
    '1 < result < 3',
    'let x = 1; x > 0',
    '$env.result > 1',
  ])('%s is no CEL and refused', text => {
    expect(problem(text)).toMatch(/is not valid|calls|divides a whole number|negative index/);
    expect(remedy(text)).not.toBe('');
  });

  test.each(['result[0] >= 0.95 and result[1] < 1', '(result ?? 0) < 1', 'len(result) == 0', 'not (result > 1)'])(
    '%s is refused with the place that converts it',
    text => {
      expect(remedy(text)).toMatch(/^conditions are CEL, .*; docs\/analysis\.md has a table that converts expr-lang/);
    },
  );
});

test('an unknown method is named even where the type checker would not look', () => {
  expect(problem('result.foo(1)')).toMatch(/calls foo/);
});
