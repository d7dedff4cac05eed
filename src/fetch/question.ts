import { createHash } from 'node:crypto';
import { deserialize, serialize } from 'node:v8';
import type { Instant } from '../schema/instant.js';
import type { MeasurementRequest, MeasurementResult } from './measurement.js';
import type { Outcome } from './outcome.js';
import type { Target } from './target.js';

/** Something that was asked: identical requests of one owner share one. */
export interface Question {
  /** Whose it is: see `MeasurementRequest`. */
  readonly owner: string;
  /** Milliseconds of the clock that only moves forward. */
  readonly askedAt: number;
  /** The target that is asked; undefined when it turned out that nothing can be asked. */
  readonly target: Promise<Target | undefined>;
  /** The answer; undefined when there will be none because fetching was closed. */
  readonly answered: Promise<Answered | undefined>;
  /** The same, once it is there. */
  answer?: Answered;
}

export interface Answered {
  readonly at: Instant;
  /** False: it was not made and is to be asked again. */
  readonly made: boolean;
  /** The outcome, serialized: as objects, a short text of empty lists takes fifty times its length. */
  readonly stored: Buffer;
}

export function answerOf(at: Instant, outcome: Outcome): Answered {
  return { at, made: outcome.outcome !== 'postponed', stored: serialize(outcome) };
}

/**
 * What makes two requests the same question: owner, provider, secrets and time limit, due in the same second, and the
 * revision that it tells. A digest, because it is kept longer than secrets may be. Step and phase are left out: they
 * change while an answer is awaited, and what was asked must not be sent again.
 */
export function fingerprint(request: MeasurementRequest): string {
  const { owner, provider, secrets, timeoutSeconds, dueAt, rollout } = request;
  const told = rollout === undefined ? null : [rollout.name, rollout.revision];
  const content = JSON.stringify([owner, provider, secrets, timeoutSeconds ?? null, Math.floor(dueAt / 1000), told]);
  return createHash('sha256').update(content).digest('base64url');
}

export function resultFor(key: string, { answer }: Question): MeasurementResult | undefined {
  return answer && { key, at: answer.at, ...(deserialize(answer.stored) as Outcome) };
}
