/** One rollout of a good StormService, from the change of its image to its end, as status tells it. */
import { STORM_SERVICE } from '../../../src/sandbox/cluster/kinds.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import type { RunView } from '../../rollouts/analysis/runs.js';
import type { RolloutStatus } from '../../rollouts/world.js';
import { NAME, namespaceOf } from './goodService.js';

export interface Outcome {
  readonly index: number;
  /** How it ended: phase and message, or that it did not. */
  readonly end: string;
  /** `step success-rate Successful: Successful 0.9 …` for each metric, health checks without their number. */
  readonly measurements: readonly string[];
  readonly seconds: number;
}

interface Status {
  readonly rolloutStatus?: RolloutStatus;
  readonly analysisRuns?: readonly RunView[];
}

/** Rolls out an image everywhere at once; resolves when all have ended, at the latest after so many seconds. */
export async function rollOutAll(
  sandbox: Sandbox,
  indexes: readonly number[],
  image: string,
  withinSeconds: number,
): Promise<readonly Outcome[]> {
  const outcomes = new Map<number, Outcome>();
  const startedAt = sandbox.clock.now();
  const look = () => {
    for (const index of indexes) {
      const status = statusOf(sandbox, index);
      if (outcomes.has(index) || !hasEnded(sandbox, index, image, status)) continue;
      outcomes.set(index, outcome(index, status, sandbox.clock.now() - startedAt));
    }
  };
  const stop = sandbox.on(look);
  for (const index of indexes) await sandbox.setImage(`${namespaceOf(index)}/${NAME}`, 'web', image);
  await sandbox.runUntil(() => outcomes.size === indexes.length, withinSeconds);
  stop();
  return indexes.map(
    index => outcomes.get(index) ?? outcome(index, statusOf(sandbox, index), sandbox.clock.now() - startedAt),
  );
}

export function isHealthy(sandbox: Sandbox, index: number): boolean {
  const { phase, stableRevision, updatedRevision } = statusOf(sandbox, index).rolloutStatus ?? {};
  return phase === 'Healthy' && stableRevision === updatedRevision;
}

function statusOf(sandbox: Sandbox, index: number): Status {
  return (sandbox.cluster.get(STORM_SERVICE, `${namespaceOf(index)}/${NAME}`)?.['status'] ?? {}) as Status;
}

/** Of this image: the status that was there before belongs to another one. */
function hasEnded(sandbox: Sandbox, index: number, image: string, { rolloutStatus }: Status): boolean {
  if (rolloutStatus?.phase === 'Degraded') return true;
  const pods = sandbox.kubelet.list(namespaceOf(index)).filter(({ phase }) => phase !== 'Terminating');
  return isHealthy(sandbox, index) && pods.every(({ spec }) => JSON.stringify(spec).includes(`"${image}"`));
}

function outcome(index: number, { rolloutStatus = {}, analysisRuns = [] }: Status, milliseconds: number): Outcome {
  const { phase = 'no phase', step = '', abort } = rolloutStatus;
  const revision = rolloutStatus.updatedRevision;
  return {
    index,
    end: abort === undefined ? `${phase}, ${step}` : `${phase}: ${JSON.stringify(abort)}`,
    measurements: analysisRuns.filter(run => run.revision === revision).flatMap(measurementsOf),
    seconds: milliseconds / 1000,
  };
}

function measurementsOf({ kind, metrics }: RunView): readonly string[] {
  return metrics.map(({ name, phase, measurements }) => {
    const made = measurements.map(measurement => `${measurement.phase} ${measurement.value}`);
    // It runs for as long as the rollout: how often is a matter of its time.
    return `${kind} ${name} ${phase}: ${(kind === 'healthCheck' ? [...new Set(made)] : made).join(', ')}`;
  });
}
