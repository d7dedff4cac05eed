import type { Place } from './place.js';
import { intOrString, serverChecked } from './schema.js';
import { show } from './show.js';

/** Whole number or per cent, as the user wrote it: 3 or '25%'. */
export type IntOrPercent = number | string;

const PERCENT = /^(\d{1,4})%$/;

export function intOrPercentField(options: Parameters<typeof intOrString>[0]) {
  return serverChecked(intOrString(options), { minimum: 0, pattern: PERCENT.source });
}

/** A count or a per cent, or undefined after having refused it. */
export function readIntOrPercent(value: IntOrPercent | undefined, place: Place): IntOrPercent | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'number' ? Number.isInteger(value) && value >= 0 : PERCENT.test(value)) return value;
  place.refuse(
    `${show(value)} is neither a number nor a percentage`,
    typeof value === 'string' && /^\d+$/.test(value)
      ? `use ${value} without quotes, or "${value}%"`
      : 'use an integer (1) or a percentage ("25%")',
  );
  return undefined;
}

/** Written as nothing at all: 0 or "0%". A per cent that only rounds to 0 is not. */
export function isZero(value: IntOrPercent): boolean {
  return value === 0 || (typeof value === 'string' && Number.parseInt(value, 10) === 0);
}
