/** How far a canary's steps are: the same with and without traffic routing, but for what makes a step done. */
import type { Step } from '../../api/spec.js';
import { analysisWait } from '../judgement/judgement.js';
import type { Turn } from '../plan.js';
import type { Position } from '../position.js';
import { isRunning } from '../revisions.js';
import type { Wait } from '../wait.js';
import { type CanaryArrival, walk } from './advance.js';
import { isInRollbackWindow } from './rollbackWindow.js';

/** `done`: what step i, neither a pause nor an analysis, still waits for; undefined: it is done. */
export function advance(
  turn: Turn,
  steps: readonly Step[],
  rollbackWindow: number,
  done: (index: number) => Wait | undefined,
): CanaryArrival {
  const { position, held, reverting, situation, stop, approve, now } = turn;
  const { hash: revision } = situation.updated;
  if (!isRunning(situation)) return { step: steps.length, due: steps.length };
  if (position.abort || reverting) return { step: 0, due: 0 };
  if (held) return standStill(position, { reason: 'RolloutPaused', by: held });
  if (stop) return standStill(position, stop);
  const skips = position.promoteFull || isInRollbackWindow(situation, rollbackWindow);
  return walk({
    steps,
    revision,
    from: skips ? steps.length : Math.min(position.step, steps.length),
    gate: position.gate,
    approve,
    now,
    done: i =>
      steps[i]?.action === 'analysis' ? analysisWait(turn.analysis, { kind: 'step', revision, step: i }) : done(i),
  });
}

/** Where it was, with its gate, and why it stays there. */
export function standStill({ step, gate }: Position, wait: Wait): CanaryArrival {
  return { step, due: step, wait, ...(gate && { gate }) };
}
