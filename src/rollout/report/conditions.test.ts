import { describe, expect, it } from 'vitest';
import { type Cluster, decided, HASH, routedCluster, T } from '../../../test/rollouts/observed.js';
import type { Collision } from '../../observe/collisions.js';
import type { Routes } from '../../observe/routes.js';
import type { Condition, ConditionType } from '../../status/conditions.js';
import type { Decision } from '../step.js';
import type { Wait } from '../wait.js';
import { type Absent, stamp, statusConditions } from './conditions.js';

const before: readonly Condition[] = [
  { type: 'Healthy', status: 'True', reason: 'AllAvailable', message: '', lastTransitionTime: '2025-06-01T00:00:00Z' },
];

describe('stamp', () => {
  it.each([
    [
      'keeps the time of one whose status is as it was, whatever it says',
      { type: 'Healthy', status: 'True', reason: 'Other', message: 'new' },
      '2025-06-01T00:00:00Z',
    ],
    [
      'dates one whose status has changed',
      { type: 'Healthy', status: 'False', reason: 'Paused', message: '' },
      '2026-01-01T00:00:00Z',
    ],
    [
      'dates one that is new',
      { type: 'Paused', status: 'True', reason: 'Paused', message: '' },
      '2026-01-01T00:00:00Z',
    ],
  ] as const)('%s', (_, draft, lastTransitionTime) => {
    expect(stamp([draft], before, T)).toEqual([{ ...draft, lastTransitionTime }]);
  });
});

const MIDWAY = decided({ strategy: { canary: {} }, pods: { old: [4, 4], new: [1, 0] } });
const ROUTED = decided(routedCluster(20, { steps: [{ setWeight: 20 }, { pause: {} }] }));
const POSITION = { step: 0, promoteFull: false, isNew: false };
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const PODS: Wait = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 };
const APPROVAL: Wait = { reason: 'WaitingForApproval', revision: HASH.new, step: 0 };
const LOST: Wait = { reason: 'StableLost', revision: HASH.old };
const STABLE: Partial<Decision> = { wait: undefined, plan: { ...MIDWAY.plan, stable: HASH.new } };
const NONE: Absent = { missing: [], collisions: [] };

/** `True WaitingForPods: message`; undefined if the condition is absent. */
function condition(type: ConditionType, decision: Decision, absent = NONE): string | undefined {
  const found = statusConditions(decision, 'as the message says', absent).find(each => each.type === type);
  return found && `${found.status} ${found.reason}: ${found.message}`;
}

describe('the condition', () => {
  const midway: Partial<Decision> = { wait: PODS, position: POSITION, deadlineExceeded: false };
  const aborted = { position: { ...POSITION, abort: ABORT } };
  const says = 'as the message says';

  it.each<[ConditionType, string, Partial<Decision>, string | undefined]>([
    ['Progressing', 'names the wait', {}, `True WaitingForPods: ${says}`],
    ['Progressing', 'without a wait', { wait: undefined }, `True RolloutProgressing: ${says}`],
    ['Progressing', 'at a gate', { wait: APPROVAL }, `Unknown RolloutPaused: ${says}`],
    ['Progressing', 'of a complete rollout', STABLE, `True RolloutCompleted: ${says}`],
    ['Progressing', 'after an abort', aborted, `False RolloutAborted: ${says}`],
    ['Progressing', 'after an abort without a wait', { ...aborted, wait: undefined }, `False RolloutAborted: ${says}`],
    ['Progressing', 'if stable is lost', { wait: LOST }, `False StableLost: ${says}`],
    ['Progressing', 'without progress', { deadlineExceeded: true }, `False ProgressDeadlineExceeded: ${says}`],
    [
      'Progressing',
      'without progress, after an abort',
      { deadlineExceeded: true, ...aborted },
      `False ProgressDeadlineExceeded: ${says}`,
    ],
    ['Paused', 'at a gate', { wait: APPROVAL }, `True WaitingForApproval: ${says}`],
    ['Paused', 'at another wait', {}, 'False NotPaused: '],
    ['Paused', 'without a wait', { wait: undefined }, 'False NotPaused: '],
    ['Healthy', 'of a complete rollout', STABLE, `True AllAvailable: ${says}`],
    ['Healthy', 'of a rollout in progress', {}, 'False NotHealthy: '],
    ['Aborted', 'after an abort', aborted, 'True AnalysisFailed: errors 7 %'],
    ['Aborted', 'of a rollout in progress', {}, undefined],
    ['Aborted', 'without progress', { deadlineExceeded: true }, undefined],
    ['AnalysisReady', 'of an analysis that can start', {}, undefined],
    [
      'AnalysisReady',
      'of one that cannot',
      { wait: { reason: 'AnalysisNotReady', message: 'no template errors' } },
      'False AnalysisNotReady: no template errors',
    ],
    [
      'AnalysisReady',
      'of templates that have changed',
      { notes: ['the first changed', 'so did the second'] },
      'True TemplatesChanged: the first changed. so did the second',
    ],
    ['RoutingReady', 'without traffic routing', {}, undefined],
  ])('%s %s', (type, _, given, expected) => {
    expect(condition(type, { ...MIDWAY, ...midway, ...given })).toBe(expected);
  });
});

describe('the condition Available', () => {
  const canary = (maxUnavailable: number) => ({ strategy: { canary: { maxUnavailable } } });
  const few = (available: number, least: number) =>
    `False MinimumReplicasUnavailable: ${available} of at least ${least} replicas are available`;
  const enough = 'True MinimumReplicasAvailable: ';

  it.each<[string, Partial<Cluster>, number, string]>([
    ['allows maxUnavailable', canary(1), 3, enough],
    ['and not one more', canary(1), 2, few(2, 3)],
    ['of a rolling update allows it too', { strategy: { rollingUpdate: { maxUnavailable: 2 } } }, 2, enough],
    ['of blue-green allows none', { strategy: { blueGreen: {} } }, 3, few(3, 4)],
    ['of blue-green asks for all', { strategy: { blueGreen: {} } }, 4, enough],
  ])('%s', (_, cluster, available, expected) => {
    const decision = decided({ strategy: { canary: {} }, pods: { old: [4, available] }, ...cluster });
    expect(condition('Available', decision)).toBe(expected);
  });
});

describe('the condition RoutingReady', () => {
  const watched = { kind: 'HTTPRoute', component: 'gateway-api' };
  const unwatched =
    'False RouterNotWatched: the CompositeController does not watch HTTPRoute; add the component metacontroller/components/gateway-api to its kustomization';

  it.each<[string, Partial<Routes>, string]>([
    ['of routes that agree', {}, 'True RoutesAgree: '],
    ['of routes that differ', { agreed: false }, 'False RoutesDisagree: not all routes have the same weight yet'],
    [
      'of missing routes',
      { agreed: false, missing: ['Ingress a', 'Ingress b'] },
      'False RouteMissing: Ingress a, Ingress b does not exist',
    ],
    ['of a refused route', { refused: 'no rule', missing: ['Ingress a'] }, 'False RouteRefused: no rule'],
    ['of a kind that is not watched', { unwatched: [watched], refused: 'no rule', missing: ['Ingress a'] }, unwatched],
  ])('%s', (_, routes, expected) => {
    const plan = { ...ROUTED.plan, routing: { ...ROUTED.plan.routing!, agreed: true, missing: [], ...routes } };
    expect(condition('RoutingReady', { ...ROUTED, plan })).toBe(expected);
  });
});

describe('the condition ReplicaFailure', () => {
  const missing = (seconds: number, name = 'a') => ({
    kind: 'Service',
    name,
    since: new Date(T - seconds * 1000).toISOString(),
  });
  const taken = (other: Partial<Collision> = {}): Collision => ({
    kind: 'Service',
    name: 'web',
    owner: undefined,
    leftBehind: false,
    ...other,
  });
  const hint = 'rename or delete it, or choose another name';
  const lost = "could not be created: check Metacontroller's log, and whether another object has the same name";

  it.each<[string, Partial<Absent>, string | undefined]>([
    ['of no child', {}, undefined],
    ['of a child that is missing for less than 10 s', { missing: [missing(9.999)] }, undefined],
    ['of one that is missing for 10 s', { missing: [missing(10)] }, `True ChildMissing: Service a ${lost}`],
    [
      'of several: those that are missing for long enough',
      { missing: [missing(20), missing(1, 'b'), missing(11, 'c')] },
      `True ChildMissing: Service a, Service c ${lost}`,
    ],
    [
      'of a name that is taken, which explains why a child is missing',
      { missing: [missing(20)], collisions: [taken({ owner: 'Deployment shop' })] },
      `True NameTaken: Service web is controlled by Deployment shop: ${hint}`,
    ],
    [
      'of names that are taken by objects without a controller',
      { collisions: [taken(), taken({ name: 'api' })] },
      `True NameTaken: Service web exists and has no controller: ${hint}. Service api exists and has no controller: ${hint}`,
    ],
    [
      'of an object that an earlier StormService left behind',
      { collisions: [taken({ leftBehind: true })] },
      'True NameTaken: Service web is left over from an earlier StormService of the same name: delete it, or adopt it with: kubectl label service web controller-uid=u --overwrite',
    ],
  ])('%s', (_, absent, expected) => {
    expect(condition('ReplicaFailure', MIDWAY, { ...NONE, ...absent })).toBe(expected);
  });
});
