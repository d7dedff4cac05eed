/** A canary that waits at its first gate: where annotations have something to do. */

import { STORM_SERVICE } from '../../../src/sandbox/cluster/kinds.js';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { watchPromises } from '../promises.js';
import { healthy, rolloutOf, untilPhase, type world } from '../world.js';

/** A weight, a gate, and again. */
export const GATED_STEPS = [{ setWeight: 20 }, { pause: true }, { setWeight: 50 }, { pause: true }, { setWeight: 80 }];

export interface AtGate {
  readonly steps?: readonly object[];
  readonly options?: Parameters<typeof world>[0];
}

/** Ten pods, two of them new, waiting at the first gate. */
export async function atGate({ steps = GATED_STEPS, options = {} }: AtGate = {}) {
  const sandbox = await healthy({ replicas: 10, rolloutStrategy: { canary: { steps } } }, options);
  const promises = watchPromises(sandbox);
  await sandbox.setImage('my-app', 'web', 'app:2');
  await untilPhase(sandbox, 'Paused');
  return { sandbox, promises, revision: (await rolloutOf(sandbox)).updatedRevision ?? '' };
}

/** The project's annotations that the StormService has. */
export async function annotationsOf(sandbox: Sandbox) {
  const { annotations = {} } = (await sandbox.get(STORM_SERVICE, 'my-app'))?.metadata ?? {};
  return Object.keys(annotations).filter(name => name.startsWith('aibrix.io/'));
}
