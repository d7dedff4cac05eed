import { roleSetsOf } from '../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection, type Selection } from '../../observe/services.js';
import type { Context } from '../context.js';
import type { RolloutPlan } from '../plan.js';
import { allOf } from '../revisions.js';

/**
 * The selections that Services shall have next: the wanted ones where the pods can carry them, the observed ones
 * where they cannot yet. A Service that does not exist is made with what is wanted: nobody relies on it.
 */
export function moveSelection(context: Context, wanted: RolloutPlan['selections']): RolloutPlan['selections'] {
  const { observation } = context;
  return new Map(
    Array.from(wanted, ([service, to]) => {
      const from = observeSelection(observation.children, service);
      return [service, from === undefined || from === to || canCarry(context, to) ? to : from];
    }),
  );
}

/** Whether any Service selects something else now. */
export function changesSelection({ observation }: Context, selections: RolloutPlan['selections']): boolean {
  return Array.from(selections).some(([service, to]) => observeSelection(observation.children, service) !== to);
}

/** Whether what a selection selects can take all of the traffic. */
export function canCarry({ observation, revisions }: Context, selection: Selection): boolean {
  if (selection === ALL_REVISIONS) return revisions.others.every(revision => roleSetsOf(revision).spec === 0);
  const revision = allOf(revisions).find(({ hash }) => hash === selection);
  return revision !== undefined && roleSetsOf(revision).available >= observation.spec.replicas;
}
