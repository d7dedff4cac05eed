import type { AnalysisState } from '../analysis/analysis.js';
import type { Observation } from '../observe/observation.js';
import type { Routes } from '../observe/routes.js';
import type { Selection } from '../observe/services.js';
import type { TrafficTarget } from '../routers/router.js';
import type { Instant } from '../schema/instant.js';
import type { Gate } from '../status/bookkeeping.js';
import type { ObservedStatus } from '../status/status.js';
import type { Command } from './commands.js';
import type { Position } from './position.js';
import type { Situation } from './situation.js';
import type { Wait } from './wait.js';
import type { Approval } from './walk.js';

/** What a strategy plans from. */
export interface Turn {
  readonly observation: Observation;
  readonly situation: Situation;
  readonly position: Position;
  /** rollout-pause or spec.paused: steps and the growth of the new revision stand still. */
  readonly held: false | 'annotation' | 'spec';
  /** The rollout goes back to stable because its strategy, routing or Services were configured anew. */
  readonly reverting: boolean;
  /** Steps stand still although nobody holds them: an analysis is undecided or cannot begin. */
  readonly stop?: Wait | undefined;
  readonly analysis: AnalysisState;
  readonly approve?: Command | undefined;
  readonly now: Instant;
}

/** What a strategy makes of it: all that children and status are rendered from. */
export interface Plan {
  /** Hash of the stable revision from now on. */
  readonly stable: string | undefined;
  /** Index of the present step; steps in all. */
  readonly step: number;
  readonly steps: number;
  readonly gate?: Gate | undefined;
  /** The canary weight that the steps passed so far allow. */
  readonly weight: number;
  readonly observedWeight?: number;
  /** Role sets that each revision shall have, by hash. */
  readonly sets: ReadonlyMap<string, number>;
  /** What each of our Services shall select, by name. */
  readonly selections: ReadonlyMap<string, Selection>;
  /** What the routes shall carry. Absent without traffic routing. */
  readonly traffic?: TrafficTarget | undefined;
  /** What the routers carry now, as observed. */
  readonly routing?: Routes | undefined;
  /** What is awaited: the first gate that holds. Absent: the strategy has nothing left to do. */
  readonly wait?: Wait | undefined;
  /** What the approval has done. */
  readonly approval?: Approval | undefined;
  /** When the pods of a revision may go, by hash. */
  readonly scaleDownAt: ObservedStatus['scaleDownAt'];
  readonly routeSeen?: ObservedStatus['routeSeen'] | undefined;
  /** When something is due although nothing changes. */
  readonly wakeAt: readonly Instant[];
}
