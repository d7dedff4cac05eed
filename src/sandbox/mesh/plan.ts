import type { Labels } from '../cluster/labels.js';
import type { ServiceName } from './view.js';

/** Where a part of the requests goes. */
export type MeshTarget =
  /** A ready pod of a Service; with labels, one of a subset of them. */
  | { readonly kind: 'service'; readonly service: ServiceName; readonly labels?: Labels }
  /** Nowhere: the proxy answers by itself. */
  | { readonly kind: 'answer'; readonly code: number; readonly reason: string };

export interface Share {
  /** Of all requests like this one, 0 to 1. */
  readonly share: number;
  readonly target: MeshTarget;
}

/** What the route objects say about one request. */
export interface MeshPlan {
  /** Add up to 1. */
  readonly shares: readonly Share[];
  /** Copies, each for its share of the requests. Their answers are thrown away. */
  readonly mirrors: readonly Share[];
}

export interface Weighted {
  readonly weight: number;
  readonly target: MeshTarget;
}

/** A plan that divides by weight; `unweighted` is answered when no destination has any. */
export function divided(
  destinations: readonly Weighted[],
  unweighted: MeshTarget,
  mirrors: readonly Share[] = [],
): MeshPlan {
  const total = destinations.reduce((sum, { weight }) => sum + weight, 0);
  if (total === 0) return { shares: [{ share: 1, target: unweighted }], mirrors };
  const shares = destinations.map(({ weight, target }) => ({ share: weight / total, target }));
  return { shares: shares.filter(({ share }) => share > 0), mirrors };
}

export function answered(code: number, reason: string): MeshPlan {
  return { shares: [{ share: 1, target: answer(code, reason) }], mirrors: [] };
}

export function answer(code: number, reason: string): MeshTarget {
  return { kind: 'answer', code, reason };
}

export function toService(namespace: string, name: string, labels?: Labels): MeshTarget {
  return { kind: 'service', service: { namespace, name }, ...(labels && { labels }) };
}
