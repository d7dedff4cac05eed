/** A rollout as a list: the steps of a canary, the stages of a blue-green rollout, the single stage of a rolling update. */
import type { BlueGreenStrategy, Role, Spec } from '../../../src/api/spec.js';
import { describeStep, stepsOf } from '../../../src/rollout/steps/list.js';
import type { RevisionPicture } from './revisionPicture.js';
import type { RolloutStatus } from './rolloutStatus.js';

export interface Stage {
  readonly label: string;
  readonly state: 'done' | 'current' | 'pending';
}

export function stagesOf(spec: Spec, status: RolloutStatus, revisions: readonly RevisionPicture[]): readonly Stage[] {
  const { strategy } = spec;
  switch (strategy.type) {
    case 'Canary':
      return canaryStages(
        strategy.steps.map(step =>
          step.name === undefined ? describeStep(step) : `${step.name}: ${describeStep(step)}`,
        ),
        status,
      );
    case 'BlueGreen':
      return inOrder(blueGreenRows(spec, strategy, status, revisions), status);
    case 'RollingUpdate':
      return inOrder([['replace the pods', status.phase === 'Healthy']], status);
    default:
      return strategy satisfies never;
  }
}

function canaryStages(
  labels: readonly string[],
  { currentStepIndex = 0, abort, stableRevision }: RolloutStatus,
): readonly Stage[] {
  const state = (index: number) => {
    // A first version has no steps, and a version that was rolled back has none left.
    if (abort || stableRevision === undefined) return 'pending';
    if (index < currentStepIndex) return 'done';
    return index === currentStepIndex ? 'current' : 'pending';
  };
  return labels.map((label, index) => ({ label, state: state(index) }));
}

type Row = readonly [label: string, done: boolean];

function blueGreenRows(
  { replicas, roles }: Spec,
  strategy: BlueGreenStrategy,
  { stableRevision, updatedRevision, currentStepIndex = 0, blueGreen = {} }: RolloutStatus,
  revisions: readonly RevisionPicture[],
): readonly Row[] {
  const available = availableSets(
    roles,
    revisions.find(({ hash }) => hash === updatedRevision),
  );
  const preview = strategy.previewReplicaCount ?? replicas;
  const promoted = updatedRevision !== undefined && stableRevision === updatedRevision;
  const rest = revisions.every(({ hash, pods }) => hash === updatedRevision || pods === 0);
  return [
    ['preview selects the new revision', blueGreen.previewRevision === updatedRevision],
    [`preview has ${preview} of ${replicas} pods`, promoted || available >= preview],
    ...stepsOf(strategy).map((step, index): Row => [describeStep(step), promoted || index < currentStepIndex]),
    [`all ${replicas} pods available`, promoted || available >= replicas],
    ['active selects the new revision', blueGreen.activeRevision === updatedRevision],
    [`old pods are removed after ${strategy.scaleDownDelaySeconds} s`, promoted && rest],
  ];
}

/** A role set is available when each of its roles is. */
function availableSets(roles: readonly Role[], revision: RevisionPicture | undefined): number {
  const sets = roles.map(({ name, pods }) => {
    const group = revision?.groups.find(({ role }) => role === name);
    return Math.floor((group?.pods.filter(state => state === 'available').length ?? 0) / pods);
  });
  return Math.min(...sets);
}

/** Stages are sequential: everything after the first open one is pending. */
function inOrder(rows: readonly Row[], { abort }: RolloutStatus): readonly Stage[] {
  const open = rows.findIndex(([, done]) => !done);
  const current = open < 0 ? rows.length : open;
  const state = (index: number) => {
    if (abort) return 'pending';
    if (index < current) return 'done';
    return index === current ? 'current' : 'pending';
  };
  return rows.map(([label], index) => ({ label, state: state(index) }));
}
