import type { ConditionType } from '../../src/status/conditions.js';
import type { Phase } from '../../src/status/phases.js';

/** What each phase means. The compiler misses none. */
export const phases: { readonly [P in Phase]: string } = {
  Healthy: 'The updated revision is stable, and all of its pods are available.',
  Progressing: 'The rollout advances, or waits for something other than a person or a timed pause.',
  Paused: 'The rollout waits for a person, or for a duration in the spec.',
  Degraded:
    'The updated revision was rolled back, nothing progressed for `progressDeadlineSeconds`, or the spec is invalid. The previous pods keep serving.',
};

/** What each condition means. The compiler misses none. */
export const conditions: { readonly [T in ConditionType]: readonly [whenTrue: string, whenFalse: string] } = {
  Available: [
    'the minimum number of pods that the strategy guarantees is available',
    'fewer are available: the message says how many',
  ],
  Progressing: [
    'the rollout progresses (reason: the wait), or is complete (`RolloutCompleted`)',
    '`ProgressDeadlineExceeded`, `RolloutAborted`; `Unknown` while paused',
  ],
  Paused: ['the rollout waits for a person or a duration', 'it does not'],
  Healthy: ['phase Healthy', 'any other phase'],
  Aborted: ['the updated revision was rolled back', 'absent'],
  InvalidSpec: ['the spec is invalid: path, problem, remedy. Every child stays unchanged', 'absent'],
  RoutingReady: [
    'all routes have the same weight',
    '`RouterNotWatched`, `RouteMissing`, `RouteRefused`, `RoutesDisagree`. Absent without traffic routing',
  ],
  AnalysisReady: [
    '`TemplatesChanged`: an analysis continues with the templates it started with',
    '`AnalysisNotReady`: it cannot start. Absent otherwise',
  ],
  ReplicaFailure: [
    '`ChildMissing`: a desired child does not exist after 10 s; `NameTaken`: another object has its name',
    'absent',
  ],
};
