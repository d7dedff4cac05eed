/** Blue-green's root Service: it follows the active one. */
import { ALL_REVISIONS, observeSelection, type Selection } from '../../observe/services.js';
import { moveSelection } from '../capacity/selections.js';
import type { Plan, Turn } from '../plan.js';
import type { Wait } from '../wait.js';

export function rootOf({ observation }: Turn): string | undefined {
  return observation.spec.service?.name;
}

/** Follows as soon as the active revision can carry what the root Service has now. */
export function followActive(turn: Turn, active: Selection): Plan['selections'] {
  const root = rootOf(turn);
  return root === undefined ? new Map() : moveSelection(turn, new Map([[root, active]]));
}

/** From a canary before, it may still select all pods: then those of a new revision would have traffic as they come. */
export function sharedRoot(turn: Turn, active: Selection): Wait | undefined {
  const root = rootOf(turn);
  const shared = root !== undefined && observeSelection(turn.observation.children, root) === ALL_REVISIONS;
  return shared ? waitForService(root, active) : undefined;
}

export function waitForRoot(turn: Turn, revision: string): Wait | undefined {
  const root = rootOf(turn);
  if (root === undefined || observeSelection(turn.observation.children, root) === revision) return undefined;
  return waitForService(root, revision);
}

export function waitForService(service: string, revision: string): Wait {
  return { reason: 'WaitingForService', service, revision };
}
