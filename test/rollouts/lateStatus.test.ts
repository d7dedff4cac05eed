/**
 * Metacontroller syncs again as soon as a child has changed, often before its cache shows the status that it has just
 * written. A step that was done a moment ago must not look undone then: pods and traffic would go back, and come again.
 */
import { describe, expect, it } from 'vitest';
import { REPLICA_SET } from '../../src/metacontroller/children.js';
import { STORM_SERVICE } from '../../src/sandbox/cluster/kinds.js';
import type { Faults } from '../../src/sandbox/faults.js';
import type { Sandbox } from '../../src/sandbox/sandbox.js';
import { serving } from './routed/routedWorld.js';
import { healthy, untilPhase } from './world.js';

const STEPS = [{ setWeight: 20 }, { setWeight: 40 }, { setWeight: 60 }, { setWeight: 100 }];

/** Syncs that come right after a status was written see the one before; caches never go back to what they had. */
function lateStatus(): { readonly faults: Faults; readonly watch: (sandbox: Sandbox) => void } {
  let written = false;
  return {
    faults: () => {
      const late = written;
      written = false;
      return late ? { staleParent: 1 } : {};
    },
    watch: sandbox =>
      sandbox.on(event => {
        if (event.type === 'write' && event.write.kind === STORM_SERVICE) written ||= event.write.verb === 'status';
      }),
  };
}

/** A number of objects with this in their name, at each write. */
function seen(sandbox: Sandbox, kind: string, read: (object: Record<string, unknown>) => unknown): readonly number[] {
  const values: number[] = [];
  sandbox.on(event => {
    if (event.type !== 'write' || event.write.kind !== kind || !event.write.after) return;
    const value = read(event.write.after as unknown as Record<string, unknown>);
    if (typeof value === 'number' && value !== values.at(-1)) values.push(value);
  });
  return values;
}

const ascending = (values: readonly number[]) => [...values].sort((a, b) => a - b);

describe('status that is seen late', () => {
  it('takes no pod of a canary away', async () => {
    const { faults, watch } = lateStatus();
    const canary = { maxSurge: 1, maxUnavailable: 0, steps: STEPS };
    const sandbox = await healthy({ replicas: 5, rolloutStrategy: { canary } }, { faults });
    watch(sandbox);
    const pods = seen(sandbox, REPLICA_SET, ({ spec }) => {
      const { replicas, template } = spec as {
        replicas: number;
        template: { spec: { containers: [{ image: string }] } };
      };
      return template.spec.containers[0].image === 'app:2' ? replicas : undefined;
    });
    await sandbox.setImage('my-app', 'web', 'app:2');
    await untilPhase(sandbox, 'Progressing');
    await untilPhase(sandbox, 'Healthy', 60);
    expect(pods).toEqual(ascending(pods));
    expect(pods.at(-1)).toBe(5);
  });

  it('takes no traffic back, neither between steps nor with the last one', async () => {
    const { faults, watch } = lateStatus();
    const { sandbox, image, promises } = await serving({ replicas: 1, steps: STEPS, faults });
    watch(sandbox);
    const steps = seen(sandbox, STORM_SERVICE, ({ status }) => {
      const { rolloutStatus } = status as { rolloutStatus: { currentStepIndex: number; phase: string } };
      return rolloutStatus.phase === 'Progressing' ? rolloutStatus.currentStepIndex : undefined;
    });
    const weights = seen(sandbox, STORM_SERVICE, ({ status }) => {
      const { rolloutStatus } = status as { rolloutStatus: { observedWeight: number; phase: string } };
      return rolloutStatus.phase === 'Progressing' ? rolloutStatus.observedWeight : undefined;
    });
    await image('app:2');
    await untilPhase(sandbox, 'Progressing');
    await untilPhase(sandbox, 'Healthy', 60);
    expect(steps).toEqual([0, 1, 2, 3, 4]);
    expect(weights).toEqual([0, 20, 40, 60, 100, 0]);
    expect(promises.broken).toEqual([]);
  });
});
