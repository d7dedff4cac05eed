/** Traffic as tests of the transition table begin with it, and what a move makes of it. */
import { expect } from 'vitest';
import type { Routes } from '../../src/observe/routes.js';
import type { StepTraffic } from '../../src/rollout/canary/routed/forward.js';
import { changesTraffic, type TrafficMove, type TrafficState } from '../../src/rollout/canary/routed/transition.js';
import type { ManagedRoute } from '../../src/routers/router.js';

export const HEADER: ManagedRoute = {
  action: 'setHeaderRoute',
  name: 'testers',
  match: [{ headerName: 'x-canary', headerValue: { exact: 'yes' } }],
};
/** Why the step's weight may not come yet. */
export const WAIT = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 } as const;

const IDLE: Routes = {
  stable: ['S', 'S'],
  canary: ['S'],
  weight: 0,
  agreed: true,
  managed: [],
  missing: [],
  unwatched: [],
  state: '',
};
/** Half of it is sent to C. */
export const ON_CANARY: Partial<Routes> = { canary: ['C'], weight: 50 };

/** Four replicas, S and C whole, all traffic on S. */
export function state(routes: Partial<Routes>, other: Partial<TrafficState> = {}): TrafficState {
  return {
    routes: { ...IDLE, ...routes },
    inEffect: true,
    settledAt: 1000,
    services: { stable: 'stable', canary: 'canary' },
    stable: { hash: 'S', available: 4 },
    updated: { hash: 'C', available: 4 },
    r: 4,
    lowest: 0,
    ...other,
  };
}

/** Half of the traffic to C, and nothing in its way. */
export function goal(other: Partial<StepTraffic> = {}): StepTraffic {
  return { weight: 50, managed: [], blocked: undefined, stepsDone: false, ...other };
}
/** The steps are done. */
export const DONE = goal({ weight: 100, stepsDone: true });

/** What a move changes; without an entry it leaves that as observed. */
export function changes({ routes }: TrafficState, { stable, canary, weight, managed, done }: TrafficMove) {
  return {
    ...(stable !== 'as observed' && { stable }),
    ...(canary !== 'as observed' && { canary }),
    ...(weight !== routes.weight && { weight }),
    ...(managed.length !== routes.managed.length && { managed: managed.map(({ name }) => name) }),
    ...(done && { done }),
  };
}

/** One row of the table. */
export interface Case {
  readonly row: string;
  readonly state: TrafficState;
  readonly goal?: StepTraffic;
  readonly changes: Readonly<Record<string, unknown>>;
  readonly waits?: string;
}

/** The move changes what the case says, waits for what it says, and is known to change traffic or not to. */
export function expectMove(move: TrafficMove, { state: before, changes: wanted, waits }: Case): void {
  expect(changes(before, move)).toEqual(wanted);
  if (waits !== undefined) expect(move.wait?.reason).toBe(waits);
  const { done: _, stable, ...changed } = wanted;
  const moved = stable !== undefined && before.routes.stable.some(selection => selection !== stable);
  expect(changesTraffic(move, before.routes)).toBe(moved || Object.keys(changed).length > 0);
}
