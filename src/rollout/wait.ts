/** Every wait is a value with a name; the sentence about it is made here and nowhere else. */
import type { Purpose } from '../analysis/analysis.js';
import type { Revision } from '../observe/revisions.js';
import { limitingRole, roleSetsOf } from '../observe/roleSets.js';
import { type Instant, toRfc3339 } from '../schema/instant.js';

export type Wait =
  | { readonly reason: 'RolloutPaused'; readonly by: 'annotation' | 'spec' }
  | { readonly reason: 'WaitingForApproval'; readonly revision: string; readonly step: number }
  | { readonly reason: 'WaitingForTime'; readonly until: Instant }
  | {
      readonly reason: 'WaitingForPods';
      readonly who: string;
      readonly available: number;
      readonly wanted: number;
      readonly role?: { readonly name: string; readonly available: number; readonly wanted: number };
    }
  | { readonly reason: 'WaitingForScaleDown'; readonly who: string; readonly pods: number; readonly wanted: number }
  | { readonly reason: 'WaitingForService'; readonly service: string; readonly revision: string }
  | { readonly reason: 'WaitingForRoute'; readonly observed: number | undefined; readonly wanted: number }
  | { readonly reason: 'WaitingForRouteToSettle'; readonly until: Instant }
  | { readonly reason: 'WaitingForAnalysis'; readonly purpose: Purpose; readonly progress: string }
  | {
      readonly reason: 'InconclusiveAnalysis';
      readonly revision: string;
      readonly step: number;
      readonly message: string;
      readonly since: Instant;
    }
  | { readonly reason: 'AnalysisNotReady'; readonly message: string }
  | { readonly reason: 'Baking'; readonly until: Instant }
  | { readonly reason: 'NothingToGoBackTo' }
  | { readonly reason: 'StableLost'; readonly revision: string }
  | { readonly reason: 'RouterNotWatched'; readonly kind: string; readonly component: string }
  | { readonly reason: 'RouteRefused'; readonly message: string };

/** Whether only a person or the clock can end it: then nothing is expected to move and no deadline runs. */
export function isPause(wait: Wait): boolean {
  switch (wait.reason) {
    case 'RolloutPaused':
    case 'WaitingForApproval':
    case 'WaitingForTime':
    case 'InconclusiveAnalysis':
      return true;
    case 'WaitingForPods':
    case 'WaitingForScaleDown':
    case 'WaitingForService':
    case 'WaitingForRoute':
    case 'WaitingForRouteToSettle':
    case 'WaitingForAnalysis':
    case 'AnalysisNotReady':
    case 'Baking':
    case 'NothingToGoBackTo':
    case 'StableLost':
    case 'RouterNotWatched':
    case 'RouteRefused':
      return false;
    default:
      return wait satisfies never;
  }
}

/** Whether a person must act: time at it is not the rollout's own. */
export function isForPerson({ reason }: Wait): boolean {
  return (
    reason === 'RolloutPaused' ||
    reason === 'WaitingForApproval' ||
    reason === 'InconclusiveAnalysis' ||
    reason === 'StableLost'
  );
}

/** Whether something is wrong that neither time nor the rollout itself can mend. */
export function isDegraded({ reason }: Wait): boolean {
  return reason === 'NothingToGoBackTo' || reason === 'StableLost';
}

/** Whether the rollout is expected to take its time: no progress deadline runs. */
export function standsStill(wait: Wait): boolean {
  return isPause(wait) || isDegraded(wait) || wait.reason === 'WaitingForAnalysis' || wait.reason === 'Baking';
}

/** Waits for `wanted` available role sets of a revision; undefined when they are there. */
export function forPods(who: string, revision: Revision, wanted: number): Wait | undefined {
  const { available } = roleSetsOf(revision);
  if (available >= wanted) return undefined;
  const role = limitingRole(revision, wanted);
  return {
    reason: 'WaitingForPods',
    who,
    available,
    wanted,
    ...(role && { role: { name: role.role, available: role.available, wanted: wanted * role.perSet } }),
  };
}

/** What is awaited, how far it is, and what to do. `annotate`: the kubectl command that sets an annotation, up to its name. */
export function sentence(wait: Wait, annotate: string): string {
  switch (wait.reason) {
    case 'RolloutPaused':
      return wait.by === 'spec'
        ? 'held by spec.paused; set it to false to go on'
        : `held by the annotation aibrix.io/rollout-pause; go on with: ${annotate} aibrix.io/rollout-pause-`;
    case 'WaitingForApproval':
      return `waiting for approval; approve with: ${annotate} aibrix.io/rollout-approve=${wait.revision}:${wait.step} --overwrite`;
    case 'WaitingForTime':
      return `pausing until ${toRfc3339(wait.until)}; aibrix.io/rollout-approve passes it early`;
    case 'WaitingForPods':
      return `waiting for ${wait.who}: ${podsOrRole(wait)}`;
    case 'WaitingForScaleDown':
      return `waiting for ${wait.who} to shrink from ${wait.pods} to ${wait.wanted}`;
    case 'WaitingForService':
      return `waiting for Service ${wait.service} to select revision ${wait.revision}`;
    case 'WaitingForRoute':
      return wait.observed === undefined
        ? `waiting for the route to exist, to give it weight ${wait.wanted}`
        : `waiting for the route to carry weight ${wait.wanted}: it carries ${wait.observed}`;
    case 'WaitingForRouteToSettle':
      return `waiting for the route to settle until ${toRfc3339(wait.until)}`;
    case 'WaitingForAnalysis':
      return `waiting for the ${wait.purpose.kind} analysis: ${wait.progress}`;
    case 'InconclusiveAnalysis':
      return `the analysis is undecided: ${wait.message}; let it pass with: ${annotate} aibrix.io/rollout-approve=${wait.revision}:${wait.step} --overwrite`;
    case 'AnalysisNotReady':
      return `the analysis cannot begin: ${wait.message}`;
    case 'Baking':
      return `watching the health checks until ${toRfc3339(wait.until)} before the revision counts as stable`;
    case 'NothingToGoBackTo':
      return 'it goes on running, because there is no stable revision to go back to';
    case 'StableLost':
      return `the stable revision ${wait.revision} is lost: neither its ReplicaSet nor its ControllerRevision is there; go on without it with: ${annotate} aibrix.io/rollout-promote=full --overwrite, or change the template back to it`;
    case 'RouterNotWatched':
      return `the CompositeController does not watch ${wait.kind}; add the component metacontroller/components/${wait.component} to its kustomization`;
    case 'RouteRefused':
      return `the route cannot work: ${wait.message}`;
    default:
      return wait satisfies never;
  }
}

function podsOrRole({ available, wanted, role }: Extract<Wait, { reason: 'WaitingForPods' }>): string {
  if (!role) return `${available} of ${wanted} pods available`;
  return `${available} of ${wanted} role sets available, role ${role.name} holds it with ${role.available} of ${role.wanted} pods`;
}
