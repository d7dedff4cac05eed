/** The state of a rollout in one sync: determined once, in step(), and shared by all planners. */
import type { AnalysisState } from '../analysis/analysis.js';
import type { Observation } from '../observe/observation.js';
import type { Instant } from '../schema/instant.js';
import type { Gate } from '../status/bookkeeping.js';
import type { Abort } from '../status/rolloutStatus.js';
import type { Approval, Command, Commands, Effects } from './commands/annotations.js';
import type { Position } from './position.js';
import { isRunning, type RolloutRevisions } from './revisions.js';
import type { Wait } from './wait.js';

export interface Context {
  readonly observation: Observation;
  readonly now: Instant;
  readonly revisions: RolloutRevisions;
  readonly commands: Commands;
  /** The effects of abort, retry, promote and pause. */
  readonly effects: Effects;
  /** rollout-pause or spec.paused: the steps and the scale-up of the new revision stop. */
  readonly held: Held;
  /** The rollout returns to stable because its strategy, routing or Services were reconfigured. */
  readonly reverting: boolean;
  /** Of the current configuration. */
  readonly setupHash: string;
  /** The steps restart in this sync. */
  readonly restarts: boolean;
  readonly position: Position;
  /** The gate that status shows as waiting for a person. */
  readonly approvalGate?: Gate | undefined;
  readonly findings: Findings;
  /** The steps stop without a hold: an analysis is inconclusive or cannot start. */
  readonly stop?: Wait | undefined;
  /** The approval, unless an analysis has used it. */
  readonly approve?: Command | undefined;
}

/** The context before the measurements are judged. */
export type Unjudged = Omit<Context, 'findings' | 'stop' | 'approve'>;

export type Held = false | 'annotation' | 'spec';

/** Whether the measurements let the rollout continue. */
export interface Findings {
  /** Runs including the latest measurements. */
  readonly analysis: AnalysisState;
  /** Why the rollout is aborted in this sync. */
  readonly abort?: Abort;
  /** A person must decide, or the analysis cannot start. */
  readonly stop?: Wait;
  /** Since when status shows that an inconclusive analysis waits for a person. */
  readonly inconclusiveSince?: Instant;
  /** The effect of an approval on an inconclusive analysis. */
  readonly approval?: Approval;
  /** Notes for a condition. */
  readonly notes: readonly string[];
}

/** Whether all traffic and pods return to stable: after an abort, or to restart with another configuration. */
export function goesBack({ revisions, reverting, position }: Pick<Context, 'revisions' | 'reverting' | 'position'>) {
  return isRunning(revisions) && (reverting || position.abort !== undefined);
}
