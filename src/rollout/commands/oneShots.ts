/** How abort, retry and promote change the position. */
import { type Instant, startOfWait, toRfc3339 } from '../../schema/instant.js';
import { ABORT_ANNOTATION, PROMOTE_ANNOTATION, RETRY_ANNOTATION } from '../../schema/names.js';
import type { Abort } from '../../status/rolloutStatus.js';
import { aborted, type Position, promoted, restarted } from '../position.js';
import type { Command, Commands, Effects } from './annotations.js';

const NOTHING_RUNS = 'ignored: no rollout is in progress';

interface Order {
  readonly annotation: string;
  /** Why it is ignored. */
  readonly refused: string | undefined;
  readonly effect: string;
  readonly next: (position: Position) => Position;
}

/**
 * How abort, retry and promote change the position. `running`: another revision than the stable one is rolled out;
 * otherwise abort and promote are ignored, and status says so.
 */
export function steer(
  before: Position,
  { promote, retry, abort }: Commands,
  running: boolean,
  now: Instant,
): { readonly position: Position; readonly effects: Effects } {
  // Abort comes last, so that it overrides the others: rolling back is safe.
  const orders = [
    ...(promote ? [promoteCommand(promote, running, before)] : []),
    ...(retry ? [retryCommand(before)] : []),
    ...(abort ? [abortCommand(abort, running, before, now)] : []),
  ];
  return {
    position: orders.reduce(
      (position, { refused, next }) => (refused === undefined ? next(position) : position),
      before,
    ),
    effects: Object.fromEntries(orders.map(({ annotation, refused, effect }) => [annotation, refused ?? effect])),
  };
}

function promoteCommand(command: Command, running: boolean, before: Position): Order {
  return {
    annotation: PROMOTE_ANNOTATION,
    refused: whyNotPromoted(command, running, before),
    effect: 'the remaining steps are skipped',
    next: promoted,
  };
}

function retryCommand({ abort }: Position): Order {
  return {
    annotation: RETRY_ANNOTATION,
    refused: abort ? undefined : 'ignored: no rollout is aborted',
    effect: 'the steps restart',
    next: restarted,
  };
}

function abortCommand(command: Command, running: boolean, before: Position, now: Instant): Order {
  return {
    annotation: ABORT_ANNOTATION,
    refused: running ? undefined : NOTHING_RUNS,
    effect: 'the rollout is aborted',
    next: position => aborted(position, before.abort ?? abortBy(command, now)),
  };
}

function whyNotPromoted({ value }: Command, running: boolean, { abort, lost }: Position): string | undefined {
  if (value !== 'full') return 'ignored: the only supported value is full';
  if (!running) return NOTHING_RUNS;
  if (lost) return 'ignored: status was lost, so it may have been handled before; set it again';
  return abort && 'ignored: the rollout is aborted; retry it first';
}

function abortBy({ by, at }: Command, now: Instant): Abort {
  return {
    reason: 'AbortedByAnnotation',
    message: 'aborted by the annotation aibrix.io/rollout-abort',
    at: at ?? toRfc3339(startOfWait(now)),
    ...(by !== undefined && { by }),
  };
}
