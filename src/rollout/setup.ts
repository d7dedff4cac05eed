/** The configuration that a rollout runs under: its strategy, routing and Services. */
import type { Observation } from '../observe/observation.js';
import { hash } from '../schema/hash.js';

/** A rollout whose strategy, routing or Services were reconfigured returns to stable first. */
export function mustRevert({ memory, target }: Observation, setup: string): boolean {
  return memory.updatedRevision === target && memory.setupHash !== undefined && memory.setupHash !== setup;
}

export function setupHash({ spec }: Observation): string {
  const { strategy, service } = spec;
  const common = { type: strategy.type, service: service?.name ?? null };
  switch (strategy.type) {
    case 'BlueGreen':
      return hash({ ...common, active: strategy.activeService, preview: strategy.previewService });
    case 'Canary': {
      const { trafficRouting, stableService, canaryService } = strategy;
      return hash(
        trafficRouting ? { ...common, routers: trafficRouting.routers, stableService, canaryService } : common,
      );
    }
    case 'RollingUpdate':
      return hash({ ...common, type: 'Canary' });
    default:
      return strategy satisfies never;
  }
}
