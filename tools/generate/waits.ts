import type { RollbackReason } from '../../src/analysis/runs/verdict.js';
import type { Wait } from '../../src/rollout/wait.js';

/** One example of every wait, for the message that it makes, and what ends it. The compiler misses none. */
export const waits: { readonly [R in Wait['reason']]: readonly [example: Extract<Wait, { reason: R }>, ends: string] } =
  {
    RolloutPaused: [
      { reason: 'RolloutPaused', by: 'annotation' },
      'Removing the annotation, or an approval. Held by `spec.paused`: setting it to false.',
    ],
    WaitingForApproval: [{ reason: 'WaitingForApproval', revision: 'n8nrwbvfbg', step: 1 }, 'An approval.'],
    WaitingForTime: [{ reason: 'WaitingForTime', until: Date.UTC(2026, 0, 1) }, 'The time, or an approval.'],
    WaitingForPods: [
      { reason: 'WaitingForPods', who: 'canary', available: 2, wanted: 3 },
      'Pods that get ready. Where they do not: `kubectl describe pod`, then a fixed template or an abort.',
    ],
    WaitingForScaleDown: [
      { reason: 'WaitingForScaleDown', who: 'stable', pods: 5, wanted: 3 },
      'The ReplicaSet controller, within seconds.',
    ],
    WaitingForService: [
      { reason: 'WaitingForService', service: 'my-app-canary', revision: 'n8nrwbvfbg' },
      'The next sync. Where it stays: the condition ReplicaFailure says whose Service it is.',
    ],
    WaitingForRoute: [
      { reason: 'WaitingForRoute', observed: 10, wanted: 25 },
      'The route in the cluster carrying the weight. Where it stays: the condition RoutingReady.',
    ],
    WaitingForRouteToSettle: [
      { reason: 'WaitingForRouteToSettle', until: Date.UTC(2026, 0, 1) },
      '`settleSeconds` after the change was observed.',
    ],
    WaitingForAnalysis: [
      {
        reason: 'WaitingForAnalysis',
        purpose: { kind: 'step', revision: 'n8nrwbvfbg', step: 2 },
        progress: 'it begins',
      },
      'The end of the analysis; a failed one aborts.',
    ],
    InconclusiveAnalysis: [
      {
        reason: 'InconclusiveAnalysis',
        revision: 'n8nrwbvfbg',
        step: 2,
        message: 'metric latency: neither condition holds',
        since: Date.UTC(2026, 0, 1),
      },
      'An approval lets it pass, an abort takes the revision back.',
    ],
    AnalysisNotReady: [
      { reason: 'AnalysisNotReady', message: 'there is no AnalysisTemplate success-rate' },
      'Mending what the message names. Nothing moves until then.',
    ],
    Baking: [{ reason: 'Baking', until: Date.UTC(2026, 0, 1) }, 'The time; a failed health check aborts.'],
    NothingToGoBackTo: [
      { reason: 'NothingToGoBackTo' },
      'A new template, or a retry: a first deployment that is measured has failed.',
    ],
    StableLost: [
      { reason: 'StableLost', revision: '75zjjq2ddf' },
      'A full promotion, or the template of before. Gates hold until then: the new revision keeps the pods of its step.',
    ],
    RouterNotWatched: [
      { reason: 'RouterNotWatched', kind: 'VirtualService', component: 'istio' },
      'Adding the component: Metacontroller cannot make or show the route without it.',
    ],
    RouteRefused: [
      { reason: 'RouteRefused', message: 'Ingress web does not exist' },
      'Mending what the message names. Nothing moves until then.',
    ],
  };

/** Why a revision is taken back. */
export const aborts: {
  readonly [R in RollbackReason | 'AbortedByAnnotation' | 'ProgressDeadlineExceeded' | 'RolloutTimeout']: string;
} = {
  AbortedByAnnotation: 'Somebody set `aibrix.io/rollout-abort`; `abort.by` has the field manager.',
  ProgressDeadlineExceeded: 'Nothing moved for `progressDeadlineSeconds`, and `progressDeadlineAbort` is on.',
  RolloutTimeout: 'It took longer than `autoRollback.onTimeout`.',
  AnalysisFailed: 'A metric failed more often than its limit.',
  AnalysisError: 'A metric could not be measured more often in a row than its limit.',
  HealthCheckFailed: 'A health check of `autoRollback` failed.',
  ErrorThresholdExceeded: 'More measurements failed or erred than `autoRollback.onFailure.errorThreshold` allows.',
};
