/** A checker that finds nothing might not look: each of these must be found. */
import { expect, it } from 'vitest';
import { explore } from './explore.js';
import type { Model } from './model.js';
import { canary, models, settledState } from './models.js';

const LIMIT = 300_000;

function found(title: string, change: Partial<Model>): string {
  const model = models(2).find(each => each.title === title);
  if (!model) throw new Error(`there is no model ${title}`);
  const changed = { ...model, ...change };
  return explore(changed, settledState(changed)).violations.join('\n');
}

it(
  'a mesh that takes longer than settleSeconds',
  () => {
    expect(found('dynamicStableScale', { settleSeconds: 3 })).toMatch(/P2: r\d/);
  },
  LIMIT,
);

it(
  'steps that give more than is allowed',
  () => {
    expect(found('a canary', { budget: 1, allowed: [40, 100, 100] })).toMatch(/P1: r[23] has weight 50, 40 is allowed/);
  },
  LIMIT,
);

it(
  'a gate that is missing',
  () => {
    const open = canary({ smi: {} }, { steps: [{ setWeight: 50 }, { setWeight: 100 }] });
    const text = found('a canary', { budget: 1, strategy: open });
    expect(text).toMatch(/P1: r[23] has weight 100, 50 is allowed/);
  },
  LIMIT,
);

it(
  'a rest that is not where it should be',
  () => {
    expect(found('blue-green', { budget: 1, replicas: 2, gates: [1] })).toMatch(/P5: stuck/);
  },
  LIMIT,
);
