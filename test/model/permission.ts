/** How much of the traffic people have let a revision have: told from what they did, not from what the hook made of it. */
import { ABORT_ANNOTATION, PROMOTE_ANNOTATION, RETRY_ANNOTATION } from '../../src/schema/names.js';
import type { Ghost } from './ghost.js';
import { hashOf, type Model } from './model.js';
import { keptOf, type State } from './state.js';
import { stuckAfter } from './stuck.js';

export interface Permission {
  /** The largest canary weight that may be reached by raising it. */
  readonly weight: number;
  /** The stable destination may be given to the revision. */
  readonly promotion: boolean;
  /** Header routes may lead to the revision. */
  readonly header: boolean;
}

const NOTHING: Permission = { weight: 0, promotion: false, header: false };

/** What a sync in this state may give to the revision of the present template. */
export function permissionIn(model: Model, state: State): Permission {
  const { annotations, ghost } = state;
  const { rolloutStatus: rollout = {} } = keptOf(state);
  const target = hashOf(model, state.template);
  const same = rollout.updatedRevision === target;
  if (annotations[ABORT_ANNOTATION] !== undefined) return NOTHING;
  const retried = annotations[RETRY_ANNOTATION] !== undefined;
  if (same && rollout.abort !== undefined && !retried) return NOTHING;
  const full = annotations[PROMOTE_ANNOTATION] !== undefined && !(same && rollout.abort !== undefined);
  const passed =
    full || isProven(model, state, target)
      ? model.gates.length
      : same && rollout.abort === undefined
        ? ghost.passed
        : 0;
  return { weight: model.allowed[passed] ?? 0, promotion: passed >= model.gates.length, header: model.header === true };
}

/** It was stable until just now and its pods still run: blue-green needs no new proof of it. */
function isProven({ rollsBackAtOnce = false }: Model, state: State, target: string | undefined): boolean {
  const { scaleDown = [] } = keptOf(state).bookkeeping ?? {};
  return rollsBackAtOnce && scaleDown.some(({ revision, wasStable }) => revision === target && wasStable);
}

/** The ghost once a status was written: another revision, an abort and a retry begin a new attempt. */
export function attemptAfter(model: Model, before: State, after: State): Ghost {
  const { ghost } = after;
  const { rolloutStatus: was = {} } = keptOf(before);
  const { rolloutStatus: is = {}, bookkeeping = {} } = keptOf(after);
  const goesOn = was.updatedRevision === is.updatedRevision && was.abort === undefined && is.abort === undefined;
  const proven = bookkeeping.promoteFull === true || isProven(model, before, is.updatedRevision);
  const passed = proven ? model.gates.length : goesOn ? ghost.passed : 0;
  const stuck = stuckAfter(model, before, after);
  return { ...ghost, passed, stable: is.stableRevision ?? ghost.stable, stuck };
}
