/**
 * Every wait is a value with a name. Its row has its message, its phase, who and what ends it, and an example for
 * docs/status.md.
 */
import type { Purpose } from '../analysis/analysis.js';
import type { Revision } from '../observe/revisions.js';
import { limitingRole, roleSetsOf } from '../observe/roleSets.js';
import { type Instant, toRfc3339 } from '../schema/instant.js';

/** The data of each wait. */
interface Waits {
  readonly RolloutPaused: { readonly by: 'annotation' | 'spec' };
  readonly WaitingForApproval: { readonly revision: string; readonly step: number };
  readonly WaitingForTime: { readonly until: Instant };
  readonly WaitingForPods: {
    readonly who: string;
    readonly available: number;
    readonly wanted: number;
    readonly role?: { readonly name: string; readonly available: number; readonly wanted: number };
  };
  readonly WaitingForScaleDown: { readonly who: string; readonly pods: number; readonly wanted: number };
  readonly WaitingForService: { readonly service: string; readonly revision: string };
  /** `observed` is undefined while routers disagree, or objects are `missing`. */
  readonly WaitingForRoute: {
    readonly observed: number | undefined;
    readonly wanted: number;
    readonly missing?: readonly string[];
  };
  readonly WaitingForRouteToSettle: { readonly until: Instant };
  readonly WaitingForAnalysis: { readonly purpose: Purpose; readonly progress: string };
  readonly InconclusiveAnalysis: {
    readonly revision: string;
    readonly step: number;
    readonly message: string;
    readonly since: Instant;
  };
  readonly AnalysisNotReady: { readonly message: string };
  readonly Baking: { readonly until: Instant };
  readonly NothingToGoBackTo: object;
  readonly StableLost: { readonly revision: string };
  readonly RouterNotWatched: { readonly kind: string; readonly component: string };
  readonly RouteRefused: { readonly message: string };
}

export type WaitReason = keyof Waits;
type WaitFor<R extends WaitReason> = { readonly [K in R]: { readonly reason: K } & Waits[K] }[R];
export type Wait = WaitFor<WaitReason>;

interface WaitRow<R extends WaitReason> {
  readonly phase: 'Progressing' | 'Paused' | 'Degraded';
  /** Whether progressDeadlineSeconds count: progress is expected within them. */
  readonly deadlineRuns: boolean;
  /** A person decides about this rollout; an operator fixes what it needs; the rollout continues by itself. */
  readonly endedBy: 'person' | 'clock' | 'rollout' | 'operator';
  /** What the rollout is waiting for, its progress, and what to do. `annotate`: the kubectl command up to the annotation's name. */
  readonly sentence: (wait: Waits[R], annotate: string) => string;
  readonly whatEnds: string;
  readonly example: Waits[R];
}

export const WAITS: { readonly [R in WaitReason]: WaitRow<R> } = {
  RolloutPaused: {
    phase: 'Paused',
    deadlineRuns: false,
    endedBy: 'person',
    sentence: ({ by }, annotate) =>
      by === 'spec'
        ? 'held by spec.paused; set it to false to resume'
        : `held by the annotation aibrix.io/rollout-pause; resume with: ${annotate} aibrix.io/rollout-pause-`,
    whatEnds: 'Removing the annotation, or an approval. For `spec.paused`: setting it to false.',
    example: { by: 'annotation' },
  },
  WaitingForApproval: {
    phase: 'Paused',
    deadlineRuns: false,
    endedBy: 'person',
    sentence: ({ revision, step }, annotate) =>
      `waiting for approval; approve with: ${annotate} aibrix.io/rollout-approve=${revision}:${step} --overwrite`,
    whatEnds: 'An approval.',
    example: { revision: 'n8nrwbvfbg', step: 1 },
  },
  WaitingForTime: {
    phase: 'Paused',
    deadlineRuns: false,
    endedBy: 'clock',
    sentence: ({ until }) => `paused until ${toRfc3339(until)}; aibrix.io/rollout-approve ends the pause early`,
    whatEnds: 'The time, or an approval.',
    example: { until: Date.UTC(2026, 0, 1) },
  },
  WaitingForPods: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'rollout',
    sentence: wait => `waiting for ${wait.who}: ${podsOrRole(wait)}`,
    whatEnds: 'Pods becoming ready. If they do not: `kubectl describe pod`, then fix the template or abort.',
    example: { who: 'canary', available: 2, wanted: 3 },
  },
  WaitingForScaleDown: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'rollout',
    sentence: ({ who, pods, wanted }) => `waiting for ${who} to scale down from ${pods} to ${wanted}`,
    whatEnds: 'The ReplicaSet controller, within seconds.',
    example: { who: 'stable', pods: 5, wanted: 3 },
  },
  WaitingForService: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'rollout',
    sentence: ({ service, revision }) => `waiting for Service ${service} to select revision ${revision}`,
    whatEnds: 'The next sync. If it persists: the condition ReplicaFailure names the owner of the Service.',
    example: { service: 'my-app-canary', revision: 'n8nrwbvfbg' },
  },
  WaitingForRoute: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'rollout',
    sentence: ({ observed, wanted, missing = [] }) => {
      if (missing.length > 0) return `waiting for ${missing.join(', ')} to be created (then weight ${wanted})`;
      return observed === undefined
        ? `waiting for all routes to have weight ${wanted}`
        : `waiting for route weight ${wanted}: currently ${observed}`;
    },
    whatEnds: 'The route having the weight. If it persists: the condition RoutingReady.',
    example: { observed: 10, wanted: 25 },
  },
  WaitingForRouteToSettle: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'clock',
    sentence: ({ until }) => `waiting for the route to settle until ${toRfc3339(until)}`,
    whatEnds: '`settleSeconds` after the change was observed.',
    example: { until: Date.UTC(2026, 0, 1) },
  },
  WaitingForAnalysis: {
    phase: 'Progressing',
    deadlineRuns: false,
    endedBy: 'rollout',
    sentence: ({ purpose, progress }) => `waiting for the ${purpose.kind} analysis: ${progress}`,
    whatEnds: 'The end of the analysis; a failed analysis aborts the rollout.',
    example: { purpose: { kind: 'step', revision: 'n8nrwbvfbg', step: 2 }, progress: 'starting' },
  },
  InconclusiveAnalysis: {
    phase: 'Paused',
    deadlineRuns: false,
    endedBy: 'person',
    sentence: ({ revision, step, message }, annotate) =>
      `the analysis is inconclusive: ${message}; to continue: ${annotate} aibrix.io/rollout-approve=${revision}:${step} --overwrite`,
    whatEnds: 'An approval continues the rollout; an abort rolls it back.',
    example: {
      revision: 'n8nrwbvfbg',
      step: 2,
      message: 'metric latency: neither condition holds',
      since: Date.UTC(2026, 0, 1),
    },
  },
  AnalysisNotReady: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'operator',
    sentence: ({ message }) => `the analysis cannot start: ${message}`,
    whatEnds: 'Fix what the message names. Nothing changes until then.',
    example: { message: 'there is no AnalysisTemplate success-rate' },
  },
  Baking: {
    phase: 'Progressing',
    deadlineRuns: false,
    endedBy: 'clock',
    sentence: ({ until }) => `running health checks until ${toRfc3339(until)} before the revision becomes stable`,
    whatEnds: 'The time; a failed health check aborts the rollout.',
    example: { until: Date.UTC(2026, 0, 1) },
  },
  NothingToGoBackTo: {
    phase: 'Degraded',
    deadlineRuns: false,
    endedBy: 'person',
    sentence: () => 'its pods keep running, because there is no stable revision to roll back to',
    whatEnds: 'A new template, or a retry: the analysis of the first deployment failed.',
    example: {},
  },
  StableLost: {
    phase: 'Degraded',
    deadlineRuns: false,
    endedBy: 'person',
    sentence: ({ revision }, annotate) =>
      `the stable revision ${revision} is lost: both its ReplicaSet and its ControllerRevision are missing; to continue without it: ${annotate} aibrix.io/rollout-promote=full --overwrite, or reset the template to it`,
    whatEnds:
      'A full promotion, or the previous template. Gates hold until then: the new revision keeps the pods of its step.',
    example: { revision: '75zjjq2ddf' },
  },
  RouterNotWatched: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'operator',
    sentence: ({ kind, component }) =>
      `the CompositeController does not watch ${kind}; add the component metacontroller/components/${component} to its kustomization`,
    whatEnds: 'Adding the component: Metacontroller cannot create or observe the route without it.',
    example: { kind: 'VirtualService', component: 'istio' },
  },
  RouteRefused: {
    phase: 'Progressing',
    deadlineRuns: true,
    endedBy: 'operator',
    sentence: ({ message }) => `the router cannot apply the route: ${message}`,
    whatEnds: 'Fix what the message names. Nothing changes until then.',
    example: { message: 'Ingress web does not exist' },
  },
};

/** Whether a person must act: time spent at it does not count. */
export function isForPerson({ reason }: Wait): boolean {
  return WAITS[reason].endedBy === 'person';
}

/** Whether the rollout is expected to make progress. */
export function deadlineRuns({ reason }: Wait): boolean {
  return WAITS[reason].deadlineRuns;
}

export function sentence<R extends WaitReason>(wait: WaitFor<R>, annotate: string): string {
  return WAITS[wait.reason].sentence(wait, annotate);
}

/** Waits for `wanted` available role sets of a revision; undefined if they are available. */
export function forPods(who: string, revision: Revision, wanted: number): WaitFor<'WaitingForPods'> | undefined {
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

function podsOrRole({ available, wanted, role }: Waits['WaitingForPods']): string {
  if (!role) return `${available} of ${wanted} pods available`;
  return `${available} of ${wanted} role sets available, blocked by role ${role.name}: ${role.available} of ${role.wanted} pods available`;
}
