/** What the proof remembers beside the cluster: who may have how much, and what may still be in effect somewhere. */
import type { Stuck } from './stuck.js';
import type { Traffic } from './traffic.js';

export interface Ghost {
  /** The revision that was promoted last. */
  readonly stable: string;
  /** Gates that people have let the present attempt pass. */
  readonly passed: number;
  /** Every value that a proxy may still see. */
  readonly recent: Traffic;
  readonly changedAt: number;
  /** In models with a deadline. */
  readonly stuck?: Stuck | undefined;
}

/** The largest share that each revision can have, in 0..maxWeight, whatever any proxy has heard of. */
export function largestShares({ stable, canary, weights }: Traffic, maxWeight: number): ReadonlyMap<string, number> {
  const shares = new Map<string, number>();
  const give = (revision: string, share: number) =>
    shares.set(revision, Math.max(shares.get(revision) ?? 0, Math.min(share, maxWeight)));
  const least = Math.min(...weights);
  const most = Math.max(...weights);
  for (const revision of stable) give(revision, maxWeight - least);
  for (const revision of canary) give(revision, most);
  // Both destinations select it: no weight takes anybody away.
  for (const revision of canary) if (stable.includes(revision)) give(revision, maxWeight);
  return shares;
}

export function merged(a: Traffic, b: Traffic): Traffic {
  const both = <T>(x: readonly T[], y: readonly T[]) => [...new Set([...x, ...y])].sort();
  return {
    stable: both(a.stable, b.stable),
    canary: both(a.canary, b.canary),
    weights: both(a.weights, b.weights),
    managed: a.managed || b.managed,
  };
}

export function sameTraffic(a: Traffic, b: Traffic): boolean {
  return JSON.stringify(merged(a, a)) === JSON.stringify(merged(b, b));
}
