import { expect, it } from 'vitest';
import { ROUTED } from '../rollouts/routed/routers.js';
import type { Model } from './model.js';
import { canary, settledState } from './models.js';
import { applyPartially } from './partial.js';

const STEPS = [20, 40, 100].flatMap(setWeight => [{ setWeight }, { pause: true }]);

const MODELS = ROUTED.flatMap(({ title, routing, kinds, objects = [] }) =>
  [false, true].map(
    (dynamicStableScale): Model => ({
      title: dynamicStableScale ? `${title}, dynamicStableScale` : title,
      strategy: canary(routing, { steps: STEPS, dynamicStableScale }),
      replicas: 5,
      kinds,
      objects,
      gates: [1, 3, 5],
      allowed: [20, 40, 100, 100],
      settleSeconds: 1,
      events: [],
      budget: 0,
    }),
  ),
);

it.each(MODELS)(
  'every part of every sync of one rollout, with and without its status: $title',
  model => {
    const { syncs, parts, problems } = applyPartially(model, { ...settledState(model), template: 2 });
    expect(problems).toEqual([]);
    expect(syncs).toBeGreaterThan(9);
    expect(parts).toBeGreaterThan(40);
  },
  60_000,
);
