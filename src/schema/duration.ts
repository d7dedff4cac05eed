import { intOrString, serverChecked } from './schema.js';

const SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
const PART = /(\d+(?:\.\d+)?)(ms|h|m|s)/g;

/** 68 years: more is a mistake, and would soon be no date any more. */
const LONGEST = 2 ** 31 - 1;

/** Digits beyond these are longer than LONGEST. */
const WHOLE = /^(\d{1,10}|(\d{1,13}(\.\d+)?ms|\d{1,10}(\.\d+)?[hms])+)$/;

/** How every duration is written, for remedies. */
export const DURATION_FORMS = 'use a number of seconds (30) or a duration ("30s", "5m", "1h30m")';

type Options = Parameters<typeof intOrString>[0];

/** A duration, of which the API server refuses other forms at once. `least`: seconds. */
export function durationField(options: Options, { least = 0 }: { readonly least?: number } = {}) {
  return serverChecked(intOrString(options), { minimum: least, maximum: LONGEST, pattern: WHOLE.source });
}

/** The same where args may be inserted, whose values are only known when the analysis starts. */
export function durationOrArg(options: Options, { least = 0 }: { readonly least?: number } = {}) {
  return serverChecked(intOrString(options), {
    minimum: least,
    maximum: LONGEST,
    pattern: `${WHOLE.source}|\\{\\{`,
  });
}

/**
 * Seconds of 30, "30", "30s", "1h" or "1h30m"; undefined when it is none of these, or longer than anybody can mean.
 * Go's units down to ms, as Argo.
 */
export function durationSeconds(value: unknown): number | undefined {
  const seconds = readSeconds(value);
  return seconds !== undefined && seconds <= LONGEST ? seconds : undefined;
}

function readSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string' || !WHOLE.test(value)) return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  let total = 0;
  for (const [, amount, unit] of value.matchAll(PART)) total += Number(amount) * (SECONDS[unit ?? ''] ?? 0);
  return total;
}
