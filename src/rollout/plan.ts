/** The plan that a strategy derives from the context, from which children and status are rendered. */
import type { Routes } from '../observe/routes.js';
import type { Selection } from '../observe/services.js';
import type { TrafficTarget } from '../routers/router.js';
import type { Instant } from '../schema/instant.js';
import type { Bookkeeping, Gate } from '../status/bookkeeping.js';
import type { Approval } from './commands/annotations.js';
import type { Wait } from './wait.js';

export interface RolloutPlan {
  /** Hash of the next stable revision. */
  readonly stable: string | undefined;
  /** Index of the current step; number of steps. */
  readonly step: number;
  readonly steps: number;
  readonly gate?: Gate | undefined;
  /** The canary weight that the steps passed so far allow. */
  readonly weight: number;
  readonly observedWeight?: number;
  /** Desired role sets of each revision, by hash. */
  readonly sets: ReadonlyMap<string, number>;
  /** Desired selection of each of our Services, by name. */
  readonly selections: ReadonlyMap<string, Selection>;
  /** Desired state of the routes. Absent without traffic routing. */
  readonly traffic?: TrafficTarget | undefined;
  /** Observed state of the routes. */
  readonly routing?: Routes | undefined;
  /** What the rollout is waiting for; status shows the first. Empty if the strategy has nothing left to do. */
  readonly waits: readonly Wait[];
  /** The effect of the approval. */
  readonly approval?: Approval | undefined;
  /** When the pods of a revision may be removed, by hash. */
  readonly scaleDownAt: Bookkeeping['scaleDownAt'];
  /** The observed state of the routes; absent if this sync changes it. */
  readonly routeSeen?: Bookkeeping['routeSeen'] | undefined;
  /** When the observed state will be in effect; absent if it is. */
  readonly settlesAt?: Instant | undefined;
}
