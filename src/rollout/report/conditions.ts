import type { Collision } from '../../observe/collisions.js';
import { countPods } from '../../observe/counts.js';
import type { Observation } from '../../observe/observation.js';
import { type Instant, toRfc3339 } from '../../schema/instant.js';
import type { Condition, ConditionStatus, ConditionType, Finding } from '../../status/conditions.js';
import type { Phase } from '../../status/phases.js';
import type { Missing } from '../../status/schema.js';
import { toleranceOf } from '../capacity/tolerance.js';
import type { Decision } from '../step.js';
import { sentence } from '../wait.js';
import { MISSING_FOR_SECONDS } from './missing.js';
import { phaseOf } from './phase.js';

/** Desired children that are not observed. */
export interface Absent {
  readonly missing: readonly Missing[];
  readonly collisions: readonly Collision[];
}

/** Conditions of the standard shape. Their time changes only with their status. */
export function statusConditions(
  decision: Decision,
  message: string,
  { missing, collisions }: Absent,
): readonly Condition[] {
  const { observation, wait, now } = decision;
  const phase = phaseOf(decision);
  return stamp(
    [
      available(observation),
      progressing(decision, phase, message),
      flag('Paused', phase === 'Paused', wait?.reason ?? 'NotPaused', message),
      flag('Healthy', phase === 'Healthy', phase === 'Healthy' ? 'AllAvailable' : phase, message),
      ...aborted(decision, phase),
      ...routingReady(decision),
      ...analysisReady(decision),
      ...(collisions.length > 0 ? namesTaken(collisions, observation.parent.uid) : childrenMissing(missing, now)),
    ],
    observation.memory.conditions,
    now,
  );
}

/** Keeps the time of a condition whose status has not changed. */
export function stamp(
  findings: readonly (Condition | Finding)[],
  before: readonly Condition[],
  now: Instant,
): readonly Condition[] {
  return findings.map(finding => {
    const same = before.find(({ type, status }) => type === finding.type && status === finding.status);
    return { ...finding, lastTransitionTime: same?.lastTransitionTime ?? toRfc3339(now) };
  });
}

function flag(type: ConditionType, on: boolean, reason: string, message: string): Finding {
  return { type, status: on ? 'True' : 'False', reason: on ? reason : `Not${type}`, message: on ? message : '' };
}

function available(observation: Observation): Finding {
  const { spec } = observation;
  const { availableReplicas } = countPods(observation);
  const { strategy, replicas } = spec;
  const unavailable =
    strategy.type === 'BlueGreen' ? 0 : toleranceOf(strategy.maxSurge, strategy.maxUnavailable, replicas).unavailable;
  const enough = availableReplicas >= replicas - unavailable;
  return {
    type: 'Available',
    status: enough ? 'True' : 'False',
    reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
    message: enough ? '' : `${availableReplicas} of at least ${replicas - unavailable} replicas are available`,
  };
}

function progressing(decision: Decision, phase: Phase, message: string): Finding {
  const finding = (status: ConditionStatus, reason: string): Finding => ({
    type: 'Progressing',
    status,
    reason,
    message,
  });
  switch (phase) {
    case 'Healthy':
      return finding('True', 'RolloutCompleted');
    case 'Progressing':
      return finding('True', decision.wait?.reason ?? 'RolloutProgressing');
    case 'Paused':
      return finding('Unknown', 'RolloutPaused');
    case 'Degraded':
      return finding('False', degradation(decision));
    default:
      return phase satisfies never;
  }
}

function degradation({ deadlineExceeded, position, wait }: Decision): string {
  if (deadlineExceeded) return 'ProgressDeadlineExceeded';
  return position.abort || !wait ? 'RolloutAborted' : wait.reason;
}

function aborted({ position }: Decision, phase: Phase): readonly Finding[] {
  const { abort } = position;
  if (!abort || phase !== 'Degraded') return [];
  return [{ type: 'Aborted', status: 'True', reason: abort.reason, message: abort.message }];
}

/** Present while an analysis cannot start, or continues with templates that have changed since. */
function analysisReady({ wait, notes }: Decision): readonly Finding[] {
  if (wait?.reason === 'AnalysisNotReady') {
    return [{ type: 'AnalysisReady', status: 'False', reason: 'AnalysisNotReady', message: wait.message }];
  }
  if (notes.length === 0) return [];
  return [{ type: 'AnalysisReady', status: 'True', reason: 'TemplatesChanged', message: notes.join('. ') }];
}

/** Whether the routes match the desired ones; only with traffic routing. */
function routingReady({ plan }: Decision): readonly Finding[] {
  const { routing } = plan;
  if (!routing) return [];
  const finding = (status: ConditionStatus, reason: string, message: string): Finding => ({
    type: 'RoutingReady',
    status,
    reason,
    message,
  });
  const [unwatched] = routing.unwatched;
  if (unwatched)
    return [finding('False', 'RouterNotWatched', sentence({ reason: 'RouterNotWatched', ...unwatched }, ''))];
  if (routing.refused !== undefined) return [finding('False', 'RouteRefused', routing.refused)];
  if (routing.missing.length > 0)
    return [finding('False', 'RouteMissing', `${routing.missing.join(', ')} does not exist`)];
  return [
    routing.agreed
      ? finding('True', 'RoutesAgree', '')
      : finding('False', 'RoutesDisagree', 'not all routes have the same weight yet'),
  ];
}

/** A child that was returned but still does not exist: the reason is only in Metacontroller's log. */
function childrenMissing(missing: readonly Missing[], now: Instant): readonly Finding[] {
  const overdue = missing.filter(({ since }) => now - Date.parse(since) >= MISSING_FOR_SECONDS * 1000);
  if (overdue.length === 0) return [];
  const names = overdue.map(({ kind, name }) => `${kind} ${name}`).join(', ');
  return [
    {
      type: 'ReplicaFailure',
      status: 'True',
      reason: 'ChildMissing',
      message: `${names} could not be created: check Metacontroller's log, and whether another object has the same name`,
    },
  ];
}

/** Another object has the name of a child: Metacontroller neither adopts it nor reports it. */
function namesTaken(collisions: readonly Collision[], uid: string): readonly Finding[] {
  const message = collisions.map(({ kind, name, owner, leftBehind }) =>
    leftBehind
      ? `${kind} ${name} is left over from an earlier StormService of the same name: delete it, or adopt it with: kubectl label ${kind.toLowerCase()} ${name} controller-uid=${uid} --overwrite`
      : `${kind} ${name} ${owner === undefined ? 'exists and has no controller' : `is controlled by ${owner}`}: rename or delete it, or choose another name`,
  );
  return [{ type: 'ReplicaFailure', status: 'True', reason: 'NameTaken', message: message.join('. ') }];
}
