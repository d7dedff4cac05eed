/** Blue-green's root Service: it follows the active one. */
import { ALL_REVISIONS, observeSelection, type Selection } from '../../observe/services.js';
import { moveSelection } from '../capacity/selections.js';
import type { Context } from '../context.js';
import type { RolloutPlan } from '../plan.js';
import type { Wait } from '../wait.js';

export function rootOf({ observation }: Context): string | undefined {
  return observation.spec.service?.name;
}

/** Follows as soon as the active revision can carry the traffic of the root Service. */
export function followActive(context: Context, active: Selection): RolloutPlan['selections'] {
  const root = rootOf(context);
  return root === undefined ? new Map() : moveSelection(context, new Map([[root, active]]));
}

/** After a change from canary it may still select all pods: then new pods would get traffic as soon as they are ready. */
export function sharedRoot(context: Context, active: Selection): Wait | undefined {
  const root = rootOf(context);
  const shared = root !== undefined && observeSelection(context.observation.children, root) === ALL_REVISIONS;
  return shared ? waitForService(root, active) : undefined;
}

export function waitForRoot(context: Context, revision: string): Wait | undefined {
  const root = rootOf(context);
  if (root === undefined || observeSelection(context.observation.children, root) === revision) return undefined;
  return waitForService(root, revision);
}

export function waitForService(service: string, revision: string): Wait {
  return { reason: 'WaitingForService', service, revision };
}
