/** How long a rollout has made no progress: told from its pods and its steps, not from what the hook made of them. */
import { hashOf, type Model } from './model.js';
import { keptOf, podsByRevision, type State } from './state.js';

export interface Stuck {
  readonly step: number | undefined;
  /** The most pods that were available to a sync at this step. */
  readonly most: number;
  /** Seconds since then in which progress was expected, up to the deadline. */
  readonly seconds: number;
}

/** A second passes. */
export function stuckLonger({ deadlineSeconds }: Model, state: State): State['ghost']['stuck'] {
  const { stuck } = state.ghost;
  if (deadlineSeconds === undefined || stuck === undefined) return undefined;
  const counts = keptOf(state).rolloutStatus?.phase === 'Progressing';
  return counts ? { ...stuck, seconds: Math.min(stuck.seconds + 1, deadlineSeconds) } : stuck;
}

/** After a sync in state `before` has written its status. */
export function stuckAfter(model: Model, before: State, after: State): State['ghost']['stuck'] {
  if (model.deadlineSeconds === undefined) return undefined;
  const { currentStepIndex: step, updatedRevision } = keptOf(after).rolloutStatus ?? {};
  const { available } = podsByRevision(before).get(hashOf(model, before.template)) ?? { available: 0 };
  const { stuck } = before.ghost;
  const { rolloutStatus: was } = keptOf(before);
  const same = updatedRevision === was?.updatedRevision && step === stuck?.step && was?.phase !== 'Healthy';
  return stuck && same && available <= stuck.most ? stuck : { step, most: available, seconds: 0 };
}

/** P5: status says so within the deadline. */
export function unnoticed({ deadlineSeconds = 0 }: Model, { rolloutStatus }: ReturnType<typeof keptOf>, stuck: Stuck) {
  const late = rolloutStatus?.phase === 'Progressing' && stuck.seconds >= deadlineSeconds;
  return late ? [`P5: no progress for ${stuck.seconds} s, and nobody is told`] : [];
}
