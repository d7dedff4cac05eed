import { describe, expect, it } from 'vitest';
import type { Step } from '../../api/spec.js';
import type { Gate } from '../../status/bookkeeping.js';
import { type CanaryArrival, type Walk, walk } from './advance.js';

const T = Date.UTC(2026, 0, 1);
const GATE: Step = { action: 'pause', seconds: null };
const MINUTE: Step = { action: 'pause', seconds: 60 };
const weight = (percent: number): Step => ({ action: 'setWeight', weight: percent });
const waiting = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 } as const;

interface Sync {
  /** Seconds since the walk began. */
  readonly at?: number;
  readonly approve?: string;
  /** Index of the step that is not done; all others are. */
  readonly stuck?: number;
}

/** One sync after the other, each from what the one before has left in status. */
function follow(steps: readonly Step[], syncs: readonly Sync[]): readonly CanaryArrival[] {
  let from = 0;
  let gate: Gate | undefined;
  return syncs.map(({ at = 0, approve, stuck }) => {
    const given: Walk = {
      steps,
      revision: 'abc',
      from,
      gate,
      approve: approve === undefined ? undefined : { annotation: 'approve', value: approve },
      now: T + at * 1000,
      done: i => (i === stuck ? waiting : undefined),
    };
    const arrival = walk(given);
    [from, gate] = [arrival.step, arrival.gate];
    return arrival;
  });
}

const stepsOf = (arrivals: readonly CanaryArrival[]) => arrivals.map(({ step }) => step);

describe('walk', () => {
  it('stops at the first step that is not done and at every pause', () => {
    const steps = [weight(10), GATE, weight(50), MINUTE, weight(100)];
    const arrivals = follow(steps, [
      { stuck: 0 },
      {},
      { at: 3600 },
      { at: 3600, approve: 'true', stuck: 2 },
      { at: 3700 },
      { at: 3759 },
      { at: 3760, stuck: 4 },
      { at: 3761 },
    ]);
    expect(stepsOf(arrivals)).toEqual([0, 1, 1, 2, 3, 3, 4, 5]);
    expect(arrivals.map(({ wait }) => wait?.reason)).toEqual([
      'WaitingForPods',
      'WaitingForApproval',
      'WaitingForApproval',
      'WaitingForPods',
      'WaitingForTime',
      'WaitingForTime',
      'WaitingForPods',
      undefined,
    ]);
    expect(arrivals[2]?.gate?.startedAt).toBe(T);
    expect(arrivals[5]?.gate?.startedAt).toBe(T + 3_700_000);
  });

  it('makes what follows a step due only when status says that it is done; a pause is passed anew each time', () => {
    const steps = [weight(10), weight(20), GATE, weight(50)];
    const arrivals = follow(steps, [{ stuck: 1 }, { stuck: 1 }, {}, { approve: 'true', stuck: 3 }, {}, {}]);
    expect(arrivals.map(({ step, due }) => [step, due])).toEqual([
      [1, 0],
      [1, 1],
      [2, 1],
      [3, 3],
      [4, 3],
      [4, 4],
    ]);
  });

  it('without steps is at the end', () => {
    expect(follow([], [{}])).toEqual([{ step: 0, due: 0 }]);
    expect(walk({ steps: [GATE], revision: 'abc', from: 7, now: T, done: () => waiting })).toEqual({ step: 1, due: 1 });
  });

  it('an unbound approval passes one gate that an earlier sync has shown', () => {
    expect(stepsOf(follow([GATE, GATE, GATE], [{}, { approve: 'a' }, { approve: 'b' }, { approve: 'c' }]))).toEqual([
      0, 1, 2, 3,
    ]);
  });

  it('and none that is reached in the same sync', () => {
    const [arrival] = follow([weight(1), GATE], [{ approve: 'true' }]);
    expect(arrival).toMatchObject({ step: 1, approval: { passed: false } });
    expect(arrival?.approval?.effect).toBe('ignored: abc:1 was reached only in this sync; approve it now');
  });

  it('a bound one passes exactly its gate, even in the sync that reaches it', () => {
    expect(follow([weight(1), GATE, GATE], [{ approve: 'abc:1' }])[0]).toMatchObject({
      step: 2,
      approval: { passed: true, effect: 'passed step 2 of 3 of revision abc' },
    });
    expect(follow([weight(1), GATE, GATE], [{ approve: 'abc:2' }])[0]).toMatchObject({
      step: 1,
      approval: { passed: false, effect: 'ignored: abc:1 is waiting, not abc:2' },
    });
  });

  it('an approval ends a timed pause, and says so when there was nothing to pass', () => {
    expect(stepsOf(follow([MINUTE], [{}, { at: 5, approve: 'true' }]))).toEqual([0, 1]);
    expect(follow([weight(1)], [{ approve: 'true' }])[0]?.approval).toEqual({
      passed: false,
      effect: 'ignored: no gate is waiting',
    });
    expect(follow([MINUTE], [{}, { at: 60, approve: 'true' }])[1]?.approval?.passed).toBe(false);
  });

  it('a pause of no time is none, and a gate remembered for another step is not taken for this one', () => {
    expect(follow([{ action: 'pause', seconds: 0 }], [{}])[0]?.step).toBe(1);
    const arrival = walk({
      steps: [GATE, MINUTE],
      revision: 'abc',
      from: 1,
      gate: { step: 0, startedAt: 0 },
      now: T,
      done: () => undefined,
    });
    expect(arrival).toMatchObject({ step: 1, gate: { step: 1, startedAt: T } });
  });
});
