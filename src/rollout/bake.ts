import { startOfWait } from '../instant.js';
import type { Gate } from '../observe/memory.js';
import type { Turn } from './plan.js';
import { isRunning } from './situation.js';
import type { Wait } from './wait.js';

/**
 * After everything is at the new revision, health checks go on for bakeSeconds before it is called stable: until then
 * an unhealthy one is still taken back. Its gate stands behind the last step.
 */
export function bake(turn: Turn, steps: number): { readonly gate: Gate; readonly wait: Wait } | undefined {
  const { autoRollback } = turn.observation.spec.strategy;
  if (!isRunning(turn.situation) || !autoRollback?.enabled || autoRollback.bakeSeconds === 0) return undefined;
  const recorded = turn.position.gate?.step === steps ? turn.position.gate : undefined;
  const gate = recorded ?? { step: steps, startedAt: startOfWait(turn.now) };
  const until = gate.startedAt + autoRollback.bakeSeconds * 1000;
  return turn.now < until ? { gate, wait: { reason: 'Baking', until } } : undefined;
}
