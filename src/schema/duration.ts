const SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
const PART = /(\d+(?:\.\d+)?)(ms|h|m|s)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/;

/** 68 years: more is a mistake, and would soon be no date any more. */
const LONGEST = 2 ** 31 - 1;

/** How every duration is written, for remedies. */
export const DURATION_FORMS = 'use a number of seconds (30) or a duration ("30s", "5m", "1h30m")';

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
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  if (!WHOLE.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(PART)) total += Number(amount) * (SECONDS[unit ?? ''] ?? 0);
  return total;
}
