/** What people ask for, and where that leaves the rollout before anything is measured. */

import type { Observation } from '../observe/observation.js';
import type { Instant } from '../schema/instant.js';
import { type Commands, type Effects, readCommands } from './commands/annotations.js';
import { type Hold, holdOf } from './commands/pause.js';
import { backAtStart, holdOrResume, type Position, rememberedPosition, steer } from './position.js';
import { isJudged, isRunning, type Situation } from './revisions.js';
import { mustRevert, setupHash } from './setup.js';

export interface Orders {
  readonly commands: Commands;
  /** What abort, retry, promote and the hold have done. */
  readonly effects: Effects;
  readonly hold: Hold;
  readonly position: Position;
  /** The same as if nobody had asked for anything but a hold. */
  readonly remembered: Position;
  /** The steps begin anew in this sync. */
  readonly restarts: boolean;
  /** The rollout goes back, to start again under another configuration. */
  readonly reverting: boolean;
  /** Of the present configuration. */
  readonly setup: string;
}

export function takeOrders(observation: Observation, situation: Situation, now: Instant): Orders {
  const { parent, memory } = observation;
  const commands = readCommands(parent, memory);
  const running = isRunning(situation);
  const setup = setupHash(observation);
  const reverting = running && mustRevert(observation, setup);
  const before = rememberedPosition(observation, isJudged(observation, situation));
  const remembered = reverting ? backAtStart(before) : before;
  const { position, effects } = steer(remembered, commands, running, now);
  const hold = holdOf(observation, commands, running, position);
  const retried = remembered.abort !== undefined && position.abort === undefined;
  return {
    commands,
    effects: { ...effects, ...hold.effects },
    hold,
    position: holdOrResume(position, hold.held !== false, now),
    remembered: holdOrResume(remembered, hold.held !== false, now),
    restarts: position.begins || position.stepsChanged === true || retried,
    reverting,
    setup,
  };
}
