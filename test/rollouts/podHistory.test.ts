/** Whatever its pods do, a rollout that is stuck ends within its deadline. `POD_HISTORIES=10000` tries more. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { phaseOf } from '../../src/rollout/report/phase.js';
import { deadlineRuns } from '../../src/rollout/wait.js';
import type { Raw } from '../api/specs.js';
import { type Moment, rolloutUnder, type Sync, someHistory } from './podHistory.js';

/** Of all strategies together. */
const HISTORIES = Number(process.env['POD_HISTORIES'] ?? 360);
const TWO_HOURS = 2 * 3600 * 1000;
const DEADLINE = 60;
const REPLICAS = 3;

const STEPS = [{ setWeight: 30 }, { setWeight: 60 }];
const PAUSES = [{ setWeight: 30 }, { pause: { duration: '25s' } }, { setWeight: 60 }, { pause: { duration: '90s' } }];
const ROUTED = { smi: {}, settleSeconds: 2 };
const BAKE = { enabled: true, bakeSeconds: 30, healthChecks: [{ name: 'up', http: { url: 'http://my-app' } }] };
const ROLES = [
  { name: 'prefill', replicas: 2 },
  { name: 'decode', replicas: 1, upgradeOrder: 1 },
];

const STRATEGIES: readonly { readonly title: string; readonly strategy: Raw; readonly roles?: readonly Raw[] }[] = [
  { title: 'a rolling update', strategy: { rollingUpdate: {} } },
  { title: 'roles', strategy: { rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }, roles: ROLES },
  { title: 'a canary', strategy: { canary: { steps: STEPS } } },
  { title: 'a canary with pauses', strategy: { canary: { steps: PAUSES } } },
  { title: 'health checks after the steps', strategy: { canary: { steps: STEPS }, autoRollback: BAKE } },
  { title: 'a routed canary', strategy: { canary: { steps: PAUSES, trafficRouting: ROUTED } } },
  { title: 'a routed canary of roles', strategy: { canary: { steps: STEPS, trafficRouting: ROUTED } }, roles: ROLES },
  {
    title: 'dynamicStableScale',
    strategy: { canary: { steps: STEPS, trafficRouting: ROUTED, dynamicStableScale: true } },
  },
  { title: 'blue-green', strategy: { blueGreen: { autoPromotionSeconds: 20, previewReplicaCount: 1 } } },
];

/** Seconds that count towards the deadline: since a step or a new maximum of available pods, pauses left out. */
class Clock {
  #step: number | undefined;
  #most = 0;
  #counted = 0;
  #stopped = 0;
  #last: Sync | undefined;

  /** Up to a sync. */
  at(sync: Sync): number {
    const { decision, available, at } = sync;
    const passed = this.#last ? (at - this.#last.at) / 1000 : 0;
    const ran = this.#last?.decision.wait && deadlineRuns(this.#last.decision.wait);
    this.#last = sync;
    if (ran) this.#counted += passed;
    else this.#stopped += passed;
    if (decision.position.abort) return this.#counted;
    const recovered = this.#stopped >= DEADLINE;
    if (ran || runs(decision)) this.#stopped = 0;
    if (recovered && runs(decision)) this.#restart(available);
    if (decision.plan.step !== this.#step) this.#restart(available);
    if (available > this.#most) this.#restart(available);
    this.#step = decision.plan.step;
    return this.#counted;
  }

  #restart(available: number): void {
    this.#counted = 0;
    this.#most = available;
  }
}

function runs({ wait }: Sync['decision']): boolean {
  return wait !== undefined && deadlineRuns(wait);
}

it.each(STRATEGIES)(
  '$title',
  ({ strategy: rolloutStrategy, roles = [] }) => {
    const property = fc.property(someHistory, fc.boolean(), (history, progressDeadlineAbort) => {
      const spec = { replicas: REPLICAS, progressDeadlineSeconds: DEADLINE, progressDeadlineAbort, rolloutStrategy };
      ends(history, spec, roles);
    });
    fc.assert(property, { numRuns: Math.ceil(HISTORIES / STRATEGIES.length) });
  },
  TWO_HOURS,
);

/** Every sync is held against the clock, until the rollout is over; it is so in time. */
function ends(history: readonly Moment[], spec: Raw, roles: readonly Raw[]): void {
  const clock = new Clock();
  let start: number | undefined;
  for (const sync of rolloutUnder(history, spec, roles)) {
    const { decision, at } = sync;
    start ??= at;
    const counted = clock.at(sync);
    const phase = phaseOf(decision);
    const { abort } = decision.position;
    const late = abort ? abort.reason === 'ProgressDeadlineExceeded' : decision.deadlineExceeded;
    expect(late, `after ${counted} s: ${decision.wait?.reason}`).toBe(
      counted >= DEADLINE && (abort !== undefined || runs(decision)),
    );
    if (late) expect(phase).toBe('Degraded');
    if (phase === 'Healthy' || phase === 'Degraded') return;
    expect((at - start) / 1000).toBeLessThan(LONGEST);
  }
}

/** A deadline for every pod of every step, and the pauses. */
const LONGEST = (PAUSES.length + 1) * (3 * REPLICAS + 1) * (DEADLINE + 40);
