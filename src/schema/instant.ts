/** A point in time: epoch milliseconds. Status holds whole seconds, as Kubernetes does. */
export type Instant = number;

/** RFC 3339 with second precision, UTC, as metav1.Time. */
export function toRfc3339(instant: Instant): string {
  return `${new Date(instant).toISOString().slice(0, 19)}Z`;
}

const RFC3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

/** The instant of an RFC 3339 text; undefined for anything else, as status can be edited by hand. */
export function fromRfc3339(text: unknown): Instant | undefined {
  if (typeof text !== 'string' || !RFC3339.test(text)) return undefined;
  const instant = Date.parse(text);
  return Number.isNaN(instant) ? undefined : instant;
}

/** The whole second at which a wait that begins now is counted from: never early. */
export function startOfWait(now: Instant): Instant {
  return Math.ceil(now / 1000) * 1000;
}

/** Whole seconds from now until an instant, at least 1. */
export function secondsUntil(instant: Instant, now: Instant): number {
  return Math.max(1, Math.ceil((instant - now) / 1000));
}

/** The first of these; undefined: there is none. */
export function earliest(times: readonly (Instant | undefined)[]): Instant | undefined {
  const known = times.filter(time => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
