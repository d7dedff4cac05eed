/** Durations in a provider's spec. */
import { Type } from 'typebox';
import { durationSeconds } from '../schema/duration.js';
import { inLanguage } from '../schema/language.js';
import { intOrString } from '../schema/schema.js';
import { QueryError } from './queryError.js';

const DEFAULT_SECONDS = 300;

export const intervalField = Type.Optional(
  inLanguage('scalar', intOrString({ description: 'Time window. Default 5m.' })),
);

/** The time window in seconds. */
export function intervalSeconds(interval: number | string | undefined, label: string): number {
  return secondsIn(interval, label) ?? DEFAULT_SECONDS;
}

/** @throws QueryError that calls the field by `label` */
export function secondsIn(duration: number | string | undefined, label: string): number | undefined {
  if (duration === undefined) return undefined;
  const seconds = durationSeconds(duration);
  if (seconds === undefined) throw new QueryError('spec', `${label} is not a duration`);
  return seconds;
}
