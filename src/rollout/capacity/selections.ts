import { roleSetsOf } from '../../observe/roleSets.js';
import { ALL_REVISIONS, observeSelection, type Selection } from '../../observe/services.js';
import type { Plan, Turn } from '../plan.js';

/**
 * The selections that Services shall have next: the wanted ones where the pods can carry them, the observed ones
 * where they cannot yet. A Service that does not exist is made with what is wanted: nobody relies on it.
 */
export function moveSelection(turn: Turn, wanted: Plan['selections']): Plan['selections'] {
  const { observation } = turn;
  return new Map(
    Array.from(wanted, ([service, to]) => {
      const from = observeSelection(observation.children, service);
      return [service, from === undefined || from === to || canCarry(turn, to) ? to : from];
    }),
  );
}

/** Whether any Service selects something else now. */
export function changesSelection({ observation }: Turn, selections: Plan['selections']): boolean {
  return Array.from(selections).some(([service, to]) => observeSelection(observation.children, service) !== to);
}

/** Whether what a selection selects can take all of the traffic. */
export function canCarry({ observation, situation }: Turn, selection: Selection): boolean {
  const { stable, updated, others } = situation;
  if (selection === ALL_REVISIONS) return others.every(revision => roleSetsOf(revision).spec === 0);
  const revision = [stable, updated, ...others].find(candidate => candidate?.hash === selection);
  return revision !== undefined && roleSetsOf(revision).available >= observation.spec.replicas;
}
