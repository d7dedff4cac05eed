import { describe, expect, it } from 'vitest';
import type { Revision, RolePods } from '../observe/revisions.js';
import { deadlineRuns, forPods, isForPerson, sentence, WAITS, type Wait } from './wait.js';

const UNTIL = Date.UTC(2026, 0, 1, 0, 5);
const KUBECTL = 'kubectl annotate stormservice my-app -n shop';
type Row = readonly [
  wait: Wait,
  phase: 'Progressing' | 'Paused' | 'Degraded',
  deadlineRuns: boolean,
  endedBy: 'person' | 'clock' | 'rollout' | 'operator',
  sentence: string,
];

const ROWS: readonly Row[] = [
  [
    { reason: 'RolloutPaused', by: 'annotation' },
    'Paused',
    false,
    'person',
    `held by the annotation aibrix.io/rollout-pause; resume with: ${KUBECTL} aibrix.io/rollout-pause-`,
  ],
  [
    { reason: 'RolloutPaused', by: 'spec' },
    'Paused',
    false,
    'person',
    'held by spec.paused; set it to false to resume',
  ],
  [
    { reason: 'WaitingForApproval', revision: 'abc', step: 1 },
    'Paused',
    false,
    'person',
    `waiting for approval; approve with: ${KUBECTL} aibrix.io/rollout-approve=abc:1 --overwrite`,
  ],
  [
    { reason: 'WaitingForTime', until: UNTIL },
    'Paused',
    false,
    'clock',
    'paused until 2026-01-01T00:05:00Z; aibrix.io/rollout-approve ends the pause early',
  ],
  [
    { reason: 'WaitingForPods', who: 'canary', available: 2, wanted: 3 },
    'Progressing',
    true,
    'rollout',
    'waiting for canary: 2 of 3 pods available',
  ],
  [
    {
      reason: 'WaitingForPods',
      who: 'stable',
      available: 1,
      wanted: 2,
      role: { name: 'decode', available: 3, wanted: 4 },
    },
    'Progressing',
    true,
    'rollout',
    'waiting for stable: 1 of 2 role sets available, blocked by role decode: 3 of 4 pods available',
  ],
  [
    { reason: 'WaitingForScaleDown', who: 'stable', pods: 5, wanted: 3 },
    'Progressing',
    true,
    'rollout',
    'waiting for stable to scale down from 5 to 3',
  ],
  [
    { reason: 'WaitingForService', service: 'my-app-canary', revision: 'abc' },
    'Progressing',
    true,
    'rollout',
    'waiting for Service my-app-canary to select revision abc',
  ],
  [
    { reason: 'WaitingForRoute', observed: 10, wanted: 25 },
    'Progressing',
    true,
    'rollout',
    'waiting for route weight 25: currently 10',
  ],
  [
    { reason: 'WaitingForRoute', observed: 0, wanted: 25, missing: [] },
    'Progressing',
    true,
    'rollout',
    'waiting for route weight 25: currently 0',
  ],
  [
    { reason: 'WaitingForRoute', observed: undefined, wanted: 25 },
    'Progressing',
    true,
    'rollout',
    'waiting for all routes to have weight 25',
  ],
  [
    { reason: 'WaitingForRoute', observed: undefined, wanted: 20, missing: ['Ingress shop/web', 'Ingress shop/api'] },
    'Progressing',
    true,
    'rollout',
    'waiting for Ingress shop/web, Ingress shop/api to be created (then weight 20)',
  ],
  [
    { reason: 'WaitingForRouteToSettle', until: UNTIL },
    'Progressing',
    true,
    'clock',
    'waiting for the route to settle until 2026-01-01T00:05:00Z',
  ],
  [
    {
      reason: 'WaitingForAnalysis',
      purpose: { kind: 'prePromotion', revision: 'abc' },
      progress: '1 of 2 metrics done, 5 measurements',
    },
    'Progressing',
    false,
    'rollout',
    'waiting for the prePromotion analysis: 1 of 2 metrics done, 5 measurements',
  ],
  [
    { reason: 'InconclusiveAnalysis', revision: 'abc', step: 2, message: 'neither condition holds', since: UNTIL },
    'Paused',
    false,
    'person',
    `the analysis is inconclusive: neither condition holds; to continue: ${KUBECTL} aibrix.io/rollout-approve=abc:2 --overwrite`,
  ],
  [
    { reason: 'AnalysisNotReady', message: 'there is no AnalysisTemplate errors' },
    'Progressing',
    true,
    'operator',
    'the analysis cannot start: there is no AnalysisTemplate errors',
  ],
  [
    { reason: 'Baking', until: UNTIL },
    'Progressing',
    false,
    'clock',
    'running health checks until 2026-01-01T00:05:00Z before the revision becomes stable',
  ],
  [
    { reason: 'NothingToGoBackTo' },
    'Degraded',
    false,
    'person',
    'its pods keep running, because there is no stable revision to roll back to',
  ],
  [
    { reason: 'StableLost', revision: 'abc' },
    'Degraded',
    false,
    'person',
    `the stable revision abc is lost: both its ReplicaSet and its ControllerRevision are missing; to continue without it: ${KUBECTL} aibrix.io/rollout-promote=full --overwrite, or reset the template to it`,
  ],
  [
    { reason: 'RouterNotWatched', kind: 'HTTPRoute', component: 'gateway-api' },
    'Progressing',
    true,
    'operator',
    'the CompositeController does not watch HTTPRoute; add the component metacontroller/components/gateway-api to its kustomization',
  ],
  [
    { reason: 'RouteRefused', message: 'Ingress web does not exist' },
    'Progressing',
    true,
    'operator',
    'the router cannot apply the route: Ingress web does not exist',
  ],
];

describe('a wait', () => {
  it.each(ROWS.map(row => [row[0].reason, ...row] as const))('%s: %j', (reason, wait, phase, runs, endedBy, text) => {
    expect(WAITS[reason]).toMatchObject({ phase, deadlineRuns: runs, endedBy });
    expect(deadlineRuns(wait)).toBe(runs);
    expect(isForPerson(wait)).toBe(endedBy === 'person');
    expect(sentence(wait, KUBECTL)).toBe(text);
  });

  it('of each reason is in the table', () => {
    expect([...new Set(ROWS.map(([{ reason }]) => reason))].sort()).toEqual(Object.keys(WAITS).sort());
  });
});

describe('forPods', () => {
  const role = (name: string, available: number, perSet = 1): RolePods => ({
    role: name,
    perSet,
    upgradeOrder: 1,
    spec: 8,
    replicas: 8,
    ready: available,
    available,
  });
  const revision = (...roles: readonly RolePods[]): Revision => ({ hash: 'abc', number: 1, created: 0, roles });

  it.each([
    [2, 'is for one more pod', { reason: 'WaitingForPods', who: 'canary', available: 2, wanted: 3 }],
    [3, 'ends with the last pod', undefined],
    [4, 'does not mind more pods', undefined],
  ])('%d of 3 pods available: %s', (available, _, wait) => {
    expect(forPods('canary', revision(role('', available)), 3)).toEqual(wait);
  });

  it('names the role that lacks pods, in pods of that role', () => {
    expect(forPods('canary', revision(role('prefill', 6, 2), role('decode', 7, 4)), 2)).toEqual({
      reason: 'WaitingForPods',
      who: 'canary',
      available: 1,
      wanted: 2,
      role: { name: 'decode', available: 7, wanted: 8 },
    });
  });
});
