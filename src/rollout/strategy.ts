import { planBlueGreen } from './blueGreen.js';
import type { Plan, Turn } from './plan.js';
import { planPodCanary } from './podCanary.js';

export function planFor(turn: Turn): Plan {
  const { strategy } = turn.observation.spec;
  switch (strategy.type) {
    case 'BlueGreen':
      return planBlueGreen(turn, strategy);
    case 'Canary':
    case 'RollingUpdate':
      return planPodCanary(turn, strategy);
    default:
      return strategy satisfies never;
  }
}
