/**
 * The page to read first: whole rollouts as step() decides them, one sync a second, in a cluster that applies every
 * decision at once. A line is a decision that differs from the one before:
 *
 *     what the steps allow, the traffic → pods of both revisions: the wait
 */
import { expect, it } from 'vitest';
import { allApplied } from '../../test/rollouts/allApplied.js';

const STEPS = [{ setWeight: 20 }, { pause: {} }, { setWeight: 60 }];

it('a canary without traffic routing: pods are the weight', () => {
  const rollout = allApplied(8, { canary: { steps: STEPS } });
  expect(rollout.deploy()).toEqual(['100 % → 8 new + 0 old: WaitingForPods', '100 % → 8 new + 0 old: done']);
  expect(rollout.rollOut()).toEqual([
    '20 % → 2 new + 7 old: WaitingForPods',
    '20 % → 2 new + 7 old: WaitingForApproval',
  ]);
  expect(rollout.annotate('approve')).toEqual([
    '60 % → 3 new + 4 old: WaitingForPods',
    '60 % → 5 new + 3 old: WaitingForPods',
    '100 % → 5 new + 3 old: WaitingForPods',
    '100 % → 7 new + 1 old: WaitingForPods',
    '100 % → 8 new + 0 old: WaitingForPods',
    '100 % → 8 new + 0 old: done',
  ]);
});

it('a canary with traffic routing: pods, then the route, then what the stable Service selects', () => {
  const rollout = allApplied(8, { canary: { steps: STEPS, trafficRouting: { istio: {} } } });
  rollout.deploy();
  expect(rollout.rollOut()).toEqual([
    '20 %, route 0 %, stable old → 2 new + 8 old: WaitingForPods',
    '20 %, route 0 %, stable old → 2 new + 8 old: WaitingForService',
    '20 %, route 0 %, stable old → 2 new + 8 old: WaitingForRouteToSettle',
    '20 %, route 20 %, stable old → 2 new + 8 old: WaitingForRoute',
    '20 %, route 20 %, stable old → 2 new + 8 old: WaitingForRouteToSettle',
    '20 %, route 20 %, stable old → 2 new + 8 old: WaitingForApproval',
  ]);
  expect(rollout.annotate('approve')).toEqual([
    '60 %, route 20 %, stable old → 5 new + 8 old: WaitingForPods',
    '60 %, route 60 %, stable old → 5 new + 8 old: WaitingForRoute',
    '60 %, route 60 %, stable old → 5 new + 8 old: WaitingForRouteToSettle',
    '100 %, route 60 %, stable old → 5 new + 8 old: WaitingForService',
    '100 %, route 60 %, stable old → 8 new + 8 old: WaitingForPods',
    '100 %, route 100 %, stable old → 8 new + 8 old: WaitingForRoute',
    '100 %, route 100 %, stable old → 8 new + 8 old: WaitingForRouteToSettle',
    '100 %, route 100 %, stable new → 8 new + 8 old: WaitingForService',
    '100 %, route 100 %, stable new → 8 new + 8 old: WaitingForRouteToSettle',
    '100 %, route 0 %, stable new → 8 new + 8 old: WaitingForRoute',
    '100 %, route 0 %, stable new → 8 new + 8 old: WaitingForRouteToSettle',
    '100 %, route 0 %, stable new → 8 new + 8 old: done',
  ]);
});

it('blue-green: preview, gate, active', () => {
  const rollout = allApplied(4, { blueGreen: { autoPromotionEnabled: false, previewReplicaCount: 1 } });
  rollout.deploy();
  expect(rollout.rollOut()).toEqual([
    'active old, preview new → 1 new + 4 old: WaitingForPods',
    'active old, preview new → 1 new + 4 old: WaitingForApproval',
  ]);
  expect(rollout.annotate('approve')).toEqual([
    'active old, preview new → 4 new + 4 old: WaitingForPods',
    'active new, preview new → 4 new + 4 old: WaitingForService',
    'active new, preview new → 4 new + 4 old: WaitingForRouteToSettle',
    'active new, preview new → 4 new + 4 old: done',
  ]);
});

it('a rolling update: never more than the surge, never fewer than may be unavailable', () => {
  const rollout = allApplied(4, { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } });
  rollout.deploy();
  expect(rollout.rollOut()).toEqual([
    '100 % → 1 new + 4 old: WaitingForPods',
    '100 % → 1 new + 3 old: WaitingForPods',
    '100 % → 2 new + 3 old: WaitingForPods',
    '100 % → 2 new + 2 old: WaitingForPods',
    '100 % → 3 new + 2 old: WaitingForPods',
    '100 % → 3 new + 1 old: WaitingForPods',
    '100 % → 4 new + 1 old: WaitingForPods',
    '100 % → 4 new + 0 old: WaitingForScaleDown',
    '100 % → 4 new + 0 old: done',
  ]);
});

it('an abort: traffic goes back first', () => {
  const rollout = allApplied(8, { canary: { steps: STEPS, trafficRouting: { istio: {} } } });
  rollout.deploy();
  rollout.rollOut();
  expect(rollout.annotate('abort')).toEqual([
    '0 %, route 0 %, stable old → 2 new + 8 old: WaitingForRoute',
    '0 %, route 0 %, stable old → 2 new + 8 old: WaitingForRouteToSettle',
    '0 %, route 0 %, stable old → 2 new + 8 old: WaitingForService',
    '0 %, route 0 %, stable old → 2 new + 8 old: WaitingForRouteToSettle',
    '0 %, route 0 %, stable old → 2 new + 8 old: done',
  ]);
});
