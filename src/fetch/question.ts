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
 * What makes two requests the same question: owner, provider, secrets and time limit, due in the same second. A digest,
 * because it is kept longer than secrets may be.
 */
export function fingerprint({ owner, provider, secrets, timeoutSeconds, dueAt }: MeasurementRequest): string {
  const content = JSON.stringify([owner, provider, secrets, timeoutSeconds ?? null, Math.floor(dueAt / 1000)]);
  return createHash('sha256').update(content).digest('base64url');
}

export function resultFor(key: string, { answer }: Question): MeasurementResult | undefined {
  return answer && { key, at: answer.at, ...(deserialize(answer.stored) as Outcome) };
}
