import { describe, expect, it } from 'vitest';
import { read } from '../../../test/api/read.js';
import { metric, withStrategy } from '../../../test/api/specs.js';
import type { Step } from '../../api/spec.js';
import { describeStep, isApprovalGate, stepsOf, weightAt } from './list.js';

const strategyOf = (strategy: object) => read(withStrategy(strategy)).strategy;
const weight = (percent: number): Step => ({ action: 'setWeight', weight: percent });
const GATE: Step = { action: 'pause', seconds: null };
const pause = (seconds: number): Step => ({ action: 'pause', seconds });

describe('the steps', () => {
  const analysis = { metrics: [metric()] };

  it.each<[string, object, readonly unknown[]]>([
    ['of a canary', { canary: { steps: [{ setWeight: 20 }, { pause: {} }] } }, [weight(20), GATE]],
    ['of a rolling update', { rollingUpdate: {} }, []],
    ['of blue-green that promotes at once', { blueGreen: {} }, []],
    ['of blue-green with approval', { blueGreen: { autoPromotionEnabled: false } }, [GATE]],
    ['of blue-green after some time', { blueGreen: { autoPromotionSeconds: 1 } }, [pause(1)]],
    ['of blue-green after 0 s', { blueGreen: { autoPromotionSeconds: 0 } }, []],
    [
      'of blue-green with an analysis: before the pause',
      { blueGreen: { prePromotionAnalysis: analysis, autoPromotionEnabled: false } },
      [{ action: 'analysis', analysis: expect.objectContaining(analysis) }, GATE],
    ],
  ])('%s', (_, strategy, steps) => {
    expect(stepsOf(strategyOf(strategy))).toEqual(steps);
  });
});

it('an approval gate is a pause without a duration', () => {
  const strategy = strategyOf({ canary: { steps: [{ setWeight: 20 }, { pause: {} }, { pause: { duration: 60 } }] } });
  expect([-1, 0, 1, 2, 3].map(index => isApprovalGate(strategy, index))).toEqual([false, false, true, false, false]);
});

describe('the weight', () => {
  const steps = [GATE, weight(20), GATE, weight(60), weight(40)];

  it.each([
    [0, 0],
    [1, 20],
    [2, 20],
    [3, 60],
    [4, 40],
    [5, 100],
    [6, 100],
  ])('at step %d is %d', (step, percent) => {
    expect(weightAt(steps, step)).toBe(percent);
  });

  it('once the steps are done is the maximum of the routes', () => {
    expect([weightAt(steps, 4, 1000), weightAt(steps, 5, 1000), weightAt([], 0, 1000)]).toEqual([40, 1000, 1000]);
  });
});

it.each<[Step, string]>([
  [weight(20), 'set weight 20'],
  [GATE, 'pause until approved'],
  [pause(0), 'pause 0 s'],
  [pause(60), 'pause 60 s'],
  [{ action: 'setCanaryScale', scale: { by: 'traffic' } }, 'set canary scale'],
  [{ action: 'analysis', analysis: { templates: [], args: [], metrics: [] } }, 'analysis'],
  [{ action: 'setHeaderRoute', name: 'testers', match: [] }, 'set header route testers'],
  [{ action: 'setMirrorRoute', name: 'shadow', percentage: 5, match: [] }, 'set mirror route shadow'],
])('%j in words: %s', (step, text) => {
  expect(describeStep(step)).toBe(text);
});
