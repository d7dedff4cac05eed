/** What a strategy makes of the context: all that children and status are rendered from. */
import type { Routes } from '../observe/routes.js';
import type { Selection } from '../observe/services.js';
import type { TrafficTarget } from '../routers/router.js';
import type { Instant } from '../schema/instant.js';
import type { Bookkeeping, Gate } from '../status/bookkeeping.js';
import type { Approval } from './commands/annotations.js';
import type { Wait } from './wait.js';

export interface RolloutPlan {
  /** Hash of the stable revision from now on. */
  readonly stable: string | undefined;
  /** Index of the present step; steps in all. */
  readonly step: number;
  readonly steps: number;
  readonly gate?: Gate | undefined;
  /** The canary weight that the steps passed so far allow. */
  readonly weight: number;
  readonly observedWeight?: number;
  /** Role sets that each revision is to have, by hash. */
  readonly sets: ReadonlyMap<string, number>;
  /** What each of our Services is to select, by name. */
  readonly selections: ReadonlyMap<string, Selection>;
  /** What the routes are to carry. Absent without traffic routing. */
  readonly traffic?: TrafficTarget | undefined;
  /** What the routers carry now, as observed. */
  readonly routing?: Routes | undefined;
  /** What is awaited: the first one is what status says. Empty: the strategy has nothing left to do. */
  readonly waits: readonly Wait[];
  /** What the approval has done. */
  readonly approval?: Approval | undefined;
  /** When the pods of a revision may go, by hash. */
  readonly scaleDownAt: Bookkeeping['scaleDownAt'];
  /** The state of the routes as seen; absent when this sync changes it. */
  readonly routeSeen?: Bookkeeping['routeSeen'] | undefined;
  /** When what was seen will be in effect; absent when it is. */
  readonly settlesAt?: Instant | undefined;
}
