import { isRouted } from '../api/strategy/trafficRouting.js';
import { planBlueGreen } from './blueGreen.js';
import { planPodCanary } from './canary/podCanary.js';
import { planRoutedCanary } from './canary/routedCanary.js';
import type { Plan, Turn } from './plan.js';

/** One planner for each way of rolling out. */
export function planFor(turn: Turn): Plan {
  const { strategy } = turn.observation.spec;
  switch (strategy.type) {
    case 'BlueGreen':
      return planBlueGreen(turn, strategy);
    case 'Canary':
      return isRouted(strategy) ? planRoutedCanary(turn, strategy) : planPodCanary(turn, strategy);
    case 'RollingUpdate':
      return planPodCanary(turn, strategy);
    default:
      return strategy satisfies never;
  }
}
