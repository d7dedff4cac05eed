import type { Measurements } from '../../fetch/measurement.js';
import type { Observation } from '../../observe/observation.js';
import type { Instant } from '../../schema/instant.js';
import type { Command } from '../commands/annotations.js';
import type { Position } from '../position.js';
import type { Situation } from '../revisions.js';

/** What is to be judged: one sync of a rollout, before anything is planned. */
export interface Case {
  readonly observation: Observation;
  readonly situation: Situation;
  readonly position: Position;
  /** The steps begin anew in this sync. */
  readonly restarts: boolean;
  /** The rollout goes back, to start again under another configuration. */
  readonly reverting: boolean;
  readonly approve?: Command | undefined;
  readonly measurements: Measurements;
  readonly now: Instant;
}
