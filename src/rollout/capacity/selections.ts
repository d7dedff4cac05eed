import { roleSetsOf } from '../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection, type Selection } from '../../observe/services.js';
import type { Context } from '../context.js';
import type { RolloutPlan } from '../plan.js';
import { allOf } from '../revisions.js';

/**
 * The next selections of Services: the desired ones if the pods can carry the traffic, otherwise the observed ones. A
 * missing Service is created with the desired selection: nothing relies on it yet.
 */
export function moveSelection(context: Context, wanted: RolloutPlan['selections']): RolloutPlan['selections'] {
  const { observation } = context;
  return new Map(
    Array.from(wanted, ([service, to]) => {
      const from = observeSelection(observation.children, service);
      return [service, from === undefined || canCarry(context, to) ? to : from];
    }),
  );
}

/** Whether any Service currently has another selection. */
export function changesSelection({ observation }: Context, selections: RolloutPlan['selections']): boolean {
  return Array.from(selections).some(([service, to]) => observeSelection(observation.children, service) !== to);
}

/** Whether the selected pods can carry all traffic. */
export function canCarry({ observation, revisions }: Context, selection: Selection): boolean {
  if (selection === ALL_REVISIONS) return revisions.others.every(revision => roleSetsOf(revision).spec === 0);
  const revision = allOf(revisions).find(({ hash }) => hash === selection);
  return revision !== undefined && roleSetsOf(revision).available >= observation.spec.replicas;
}
