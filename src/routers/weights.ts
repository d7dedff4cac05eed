/** How the traffic of stable and canary is divided, and what divided traffic says. */
import type { Fields } from '../schema/json.js';
import type { Problem } from '../schema/problem.js';
import { weightOf } from '../schema/weight.js';
import type { RouterContext, TrafficTarget } from './router.js';

/** Whom a destination names. */
export type Side = 'stable' | 'canary' | 'other';

/** Whom a destination names that is a Service of the parent's namespace. */
export function serviceSide(
  name: unknown,
  { stableService, canaryService }: Pick<RouterContext, 'stableService' | 'canaryService'>,
): Side {
  if (name === canaryService) return 'canary';
  return name === stableService ? 'stable' : 'other';
}

/** Weights of one stable and one canary destination that share traffic. */
export interface WeightPair {
  readonly stable: number;
  readonly canary: number;
}

export function pairOf({ weight, maxWeight }: Pick<TrafficTarget, 'weight' | 'maxWeight'>): WeightPair {
  return { stable: maxWeight - weight, canary: weight };
}

/** The weights of a list of destinations; `implied` is that of one without a weight. */
export function pairIn(
  destinations: readonly Fields[],
  sideOf: (destination: Fields) => Side,
  implied: number,
  read: (weight: unknown) => number | undefined = weightOf,
): WeightPair {
  const total = (side: Side) =>
    destinations.filter(each => sideOf(each) === side).reduce((sum, { weight }) => sum + (read(weight) ?? implied), 0);
  return { stable: total('stable'), canary: total('canary') };
}

/**
 * The canary's share of the two, scaled to `maxWeight` and rounded up: a share is rather seen too large than too small.
 * Nobody is sent to a pair without weight.
 */
export function canaryShare({ stable, canary }: WeightPair, maxWeight: number): number {
  const total = stable + canary;
  return total > 0 ? ceilOfRatio(canary, maxWeight, total) : 0;
}

/** ⌈a·b/c⌉, exact where a, b and c are whole: one too many would be another weight than the one that was set. */
function ceilOfRatio(a: number, b: number, c: number): number {
  if (Number.isSafeInteger(a * b) || ![a, b, c].every(Number.isInteger)) return Math.ceil((a * b) / c);
  return Number((BigInt(a) * BigInt(b) + BigInt(c) - 1n) / BigInt(c));
}

/** How a router writes destinations. */
export interface DestinationForm {
  readonly sideOf: (destination: Fields) => Side;
  /** The weight of a destination without one. */
  readonly implied: number;
  readonly asCanary: (stable: Fields) => Fields;
}

/** The same list with the traffic of stable and canary divided anew; the others keep their share of the whole. */
export function divide(
  destinations: readonly Fields[],
  target: Pick<TrafficTarget, 'weight' | 'maxWeight'>,
  { sideOf, implied, asCanary }: DestinationForm,
): readonly Fields[] {
  const weight = (destination: Fields) => Math.trunc(weightOf(destination['weight']) ?? implied);
  const ours = destinations.filter(each => sideOf(each) !== 'other');
  const [first] = ours;
  if (first === undefined) return destinations;
  const stable = ours.find(each => sideOf(each) === 'stable') ?? first;
  const canary = ours.find(each => sideOf(each) === 'canary') ?? asCanary(stable);
  const alone = ours.length === destinations.length;
  const share = alone ? 1 : ours.reduce((sum, each) => sum + weight(each), 0);
  const pair = pairOf(target);
  const scaled = destinations.flatMap(each => {
    if (sideOf(each) === 'other') return [{ ...each, weight: weight(each) * target.maxWeight }];
    if (each !== first) return [];
    return [
      { ...stable, weight: pair.stable * share },
      { ...canary, weight: pair.canary * share },
    ];
  });
  return alone ? scaled : reduced(scaled);
}

/** Weights are relative: the smallest whole numbers that say the same stay below the limits of every API. */
function reduced(weighted: readonly (Fields & { readonly weight: number })[]): readonly Fields[] {
  const divisor = weighted.reduce((common, { weight }) => gcd(common, weight), 0);
  return divisor > 1 ? weighted.map(entry => ({ ...entry, weight: entry.weight / divisor })) : weighted;
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/** Weights that cannot be divided. `path` is that of the list. */
export function weightProblems(destinations: readonly Fields[], path: string): readonly Problem[] {
  return destinations.flatMap(({ weight }, index) => {
    if (weight === undefined || Number.isInteger(weightOf(weight))) return [];
    const problem = `${JSON.stringify(weight)} is not a whole number`;
    return [{ path: `${path}[${index}].weight`, problem, remedy: 'write a whole number, or remove weight' }];
  });
}
