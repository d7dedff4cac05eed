import type { IntOrPercent } from '../../schema/intOrPercent.js';

/** maxSurge and maxUnavailable in pods: a percentage of r rounds up for the surge and down for unavailable pods. */
export interface Tolerance {
  readonly surge: number;
  readonly unavailable: number;
}

/**
 * Both can round to 0 (25 % of 3 pods unavailable and no surge), which would block every update: then one pod may be
 * unavailable, as in a Deployment.
 */
export function toleranceOf(maxSurge: IntOrPercent, maxUnavailable: IntOrPercent, r: number): Tolerance {
  const surge = resolve(maxSurge, r, Math.ceil);
  const unavailable = resolve(maxUnavailable, r, Math.floor);
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : Math.min(unavailable, r) };
}

function resolve(value: IntOrPercent, r: number, round: (pods: number) => number): number {
  if (typeof value === 'number') return value;
  if (!value.endsWith('%')) return Number(value);
  return round((Number(value.slice(0, -1)) * r) / 100);
}
