import { expect, it } from 'vitest';
import { compileCondition } from '../condition/condition.js';
import type { Json, JsonObject } from '../schema/json.js';
import { impliedConditions } from './registry.js';

function judge(provider: JsonObject, value: Json): Record<string, boolean> {
  const judged = Object.entries(impliedConditions(provider)).map(([name, text]) => {
    const compiled = compileCondition(text, name);
    const judgement = compiled.ok ? compiled.value.judge(value) : undefined;
    if (!judgement?.ok) throw new Error(`${text} cannot be judged`);
    return [name, judgement.holds] as const;
  });
  return Object.fromEntries(judged);
}

it.each([
  [200, true],
  [204, true],
  [301, false],
  [503, false],
])('a webhook that answers %i passes: %s', (status, successCondition) => {
  expect(judge({ webhook: { url: 'http://a' } }, { status })).toEqual({ successCondition });
});

it.each([
  [95.5, true, false],
  [90, true, false],
  [89.9, false, false],
  [75, false, false],
  [74.9, false, true],
])('a score of %d succeeds: %s, fails: %s', (score, successCondition, failureCondition) => {
  expect(judge({ kayenta: { threshold: { pass: 90, marginal: 75 } } }, score)).toEqual({
    successCondition,
    failureCondition,
  });
});

it('others have none', () => {
  expect(impliedConditions({ prometheus: {} })).toEqual({});
});
