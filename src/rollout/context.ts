/** What one sync knows of its rollout: each thing is found out once, in step(), and is the same for all who plan from it. */
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
  /** What abort, retry, promote and pause have done. */
  readonly effects: Effects;
  /** rollout-pause or spec.paused: steps and the growth of the new revision stand still. */
  readonly held: Held;
  /** The rollout goes back to stable because its strategy, routing or Services were reconfigured. */
  readonly reverting: boolean;
  /** Of the present configuration. */
  readonly setupHash: string;
  /** The steps begin again in this sync. */
  readonly restarts: boolean;
  readonly position: Position;
  /** The gate that status shows as waiting for a person. */
  readonly approvalGate?: Gate | undefined;
  readonly findings: Findings;
  /** Steps stand still although nobody holds them: an analysis is inconclusive or cannot begin. */
  readonly stop?: Wait | undefined;
  /** The approval, unless an analysis has used it. */
  readonly approve?: Command | undefined;
  /** Nothing has moved for progressDeadlineSeconds. */
  readonly deadlineExceeded: boolean;
}

/** What is known before the measurements are judged. */
export type Unjudged = Omit<Context, 'findings' | 'stop' | 'approve' | 'deadlineExceeded'>;

export type Held = false | 'annotation' | 'spec';

/** What the measurements say about going on. */
export interface Findings {
  /** Runs with what has been measured by now. */
  readonly analysis: AnalysisState;
  /** Why the rollout is aborted in this sync. */
  readonly abort?: Abort;
  /** A person must decide, or the analysis cannot start. */
  readonly stop?: Wait;
  /** Since when status shows that an inconclusive analysis waits for a person. */
  readonly inconclusiveSince?: Instant;
  /** What an approval did to an inconclusive analysis. */
  readonly approval?: Approval;
  /** Worth a condition. */
  readonly notes: readonly string[];
}

/** Whether all traffic and pods go back to stable: aborted, or to start again under another configuration. */
export function goesBack({ revisions, reverting, position }: Pick<Context, 'revisions' | 'reverting' | 'position'>) {
  return isRunning(revisions) && (reverting || position.abort !== undefined);
}
