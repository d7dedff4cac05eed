import type { Step, Strategy } from '../api/spec.js';
import { promotionSteps } from './blueGreen.js';

/** The steps that an index in status points into. */
export function stepsOf(strategy: Strategy): readonly Step[] {
  switch (strategy.type) {
    case 'Canary':
      return strategy.steps;
    case 'BlueGreen':
      return promotionSteps(strategy);
    case 'RollingUpdate':
      return [];
    default:
      return strategy satisfies never;
  }
}

export function describeStep(step: Step): string {
  switch (step.action) {
    case 'setWeight':
      return `set weight ${step.weight}`;
    case 'pause':
      return step.seconds === null ? 'pause until approved' : `pause ${step.seconds} s`;
    case 'setCanaryScale':
      return 'set canary scale';
    case 'analysis':
      return 'analysis';
    case 'setHeaderRoute':
      return `set header route ${step.name}`;
    case 'setMirrorRoute':
      return `set mirror route ${step.name}`;
    default:
      return step satisfies never;
  }
}
