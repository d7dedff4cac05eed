/** rollout-pause and spec.paused. */
import type { Observation } from '../../observe/observation.js';
import { PAUSE_ANNOTATION } from '../../schema/names.js';
import type { Held } from '../context.js';
import type { Position } from '../position.js';
import type { Commands, Effects } from './annotations.js';
import { passes } from './approval.js';

/**
 * Whether the rollout is held. An approval clears the hold by rollout-pause, unless it names a gate that is not waiting.
 * Neither a first deployment nor a rollback is ever held.
 */
export function holdOf(
  { spec, target }: Observation,
  { approve, pause }: Commands,
  running: boolean,
  { abort, gate }: Position,
): { readonly held: Held; readonly effects: Effects } {
  if (!running || abort) return { held: false, effects: {} };
  if (spec.paused) return { held: 'spec', effects: {} };
  if (!pause) return { held: false, effects: {} };
  const clears = approve && passes(approve, { revision: target, step: gate?.step, recorded: true });
  return clears
    ? { held: false, effects: { [PAUSE_ANNOTATION]: 'cleared by aibrix.io/rollout-approve' } }
    : { held: 'annotation', effects: {} };
}
