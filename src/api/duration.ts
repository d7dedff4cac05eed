const SECONDS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1, ms: 0.001 };
const PART = /(\d+(?:\.\d+)?)(ms|h|m|s)/g;
const WHOLE = /^(?:\d+(?:\.\d+)?(?:ms|h|m|s))+$/;

/** How every duration is written, for remedies. */
export const DURATION_FORMS = 'write seconds as a number (30) or a duration ("30s", "5m", "1h30m")';

/** Seconds of 30, "30", "30s", "1h" or "1h30m"; undefined when it is none of these. Go's units down to ms, as Argo. */
export function durationSeconds(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? value : undefined;
  if (typeof value !== 'string') return undefined;
  if (/^\d+$/.test(value)) return Number(value);
  if (!WHOLE.test(value)) return undefined;
  let total = 0;
  for (const [, amount, unit] of value.matchAll(PART)) total += Number(amount) * (SECONDS[unit ?? ''] ?? 0);
  return total;
}
