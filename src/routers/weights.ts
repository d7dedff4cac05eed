import type { ObservedTraffic, TrafficTarget } from './router.js';

/** Weights of one stable and one canary destination that share traffic. */
export interface Pair {
  readonly stable: number;
  readonly canary: number;
}

export function pairOf({ weight, maxWeight }: Pick<TrafficTarget, 'weight' | 'maxWeight'>): Pair {
  return { stable: maxWeight - weight, canary: weight };
}

/**
 * The canary's share of the two, scaled to `maxWeight` and rounded up: a share is rather seen too large than too small.
 * Nobody is sent to a pair without weight.
 */
export function canaryShare({ stable, canary }: Pair, maxWeight: number): number {
  const total = stable + canary;
  return total > 0 ? Math.ceil((canary * maxWeight) / total) : 0;
}

/** One destination of a list of weighted destinations, some of which belong to others. */
export interface Destination<T> {
  readonly side: 'stable' | 'canary' | 'other';
  readonly weight: number;
  readonly item: T;
}

/** The same list with the traffic of stable and canary divided anew; the others keep their share of the whole. */
export function divide<T>(
  destinations: readonly Destination<T>[],
  target: Pick<TrafficTarget, 'weight' | 'maxWeight'>,
  asCanary: (stable: T) => T,
): readonly { readonly item: T; readonly weight: number }[] {
  const ours = destinations.filter(({ side }) => side !== 'other');
  const [first] = ours;
  if (first === undefined) return destinations;
  const stable = (ours.find(({ side }) => side === 'stable') ?? first).item;
  const canary = ours.find(({ side }) => side === 'canary')?.item ?? asCanary(stable);
  const alone = ours.length === destinations.length;
  const share = ours.reduce((sum, { weight }) => sum + weight, 0);
  const pair = pairOf(target);
  const scaled = destinations.flatMap(destination => {
    if (destination.side === 'other')
      return [{ item: destination.item, weight: destination.weight * target.maxWeight }];
    if (destination !== first) return [];
    return [
      { item: stable, weight: pair.stable * (alone ? 1 : share) },
      { item: canary, weight: pair.canary * (alone ? 1 : share) },
    ];
  });
  return alone ? scaled : reduced(scaled);
}

/** Weights are relative: the smallest whole numbers that say the same stay below the limits of every API. */
function reduced<T extends { readonly weight: number }>(weighted: readonly T[]): readonly T[] {
  const divisor = weighted.reduce((common, { weight }) => gcd(common, weight), 0);
  return divisor > 1 ? weighted.map(entry => ({ ...entry, weight: entry.weight / divisor })) : weighted;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** What one object of a router carries. */
export type ObservedObject =
  | { readonly name: string; readonly found: false }
  | {
      readonly name: string;
      readonly found: true;
      /** Canary weight of every place that splits traffic, scaled to maxWeight. */
      readonly weights: readonly number[];
      readonly managedRoutes?: readonly string[];
      readonly refused?: string | undefined;
    };

/** All objects of a router taken together: a missing one carries nothing, and nothing is agreed without it. */
export function together(objects: readonly ObservedObject[]): ObservedTraffic {
  const missing = objects.filter(({ found }) => !found).map(({ name }) => name);
  const present = objects.flatMap(object => (object.found ? [object] : []));
  if (present.length === 0) return { state: 'absent', missing };
  const weights = present.flatMap(object => object.weights);
  const weight = Math.max(0, ...weights);
  const refused = present.flatMap(object => object.refused ?? []);
  return {
    state: 'present',
    weight,
    agreed: missing.length === 0 && weights.every(each => each === weight),
    managedRoutes: [...new Set(present.flatMap(object => object.managedRoutes ?? []))],
    ...(refused.length > 0 && { refused: refused.join('; ') }),
    ...(missing.length > 0 && { missing }),
  };
}
