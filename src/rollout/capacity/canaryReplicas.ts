/**
 * How many pods of each revision give a weight if pods are the only way to split traffic. Argo Rollouts' rule: of the
 * pairs canary/total below, the one whose canary · M / total is nearest to w; the first pair wins a tie
 *
 *     ceil(r·w/M) / r          when it is < r, or zero is allowed
 *     floor(r·w/M) / r         when r·w/M is no tie (fraction ½), and it is not 0 or zero is allowed
 *     ceil(r·w/M) / (r + 1)    with surge
 *     floor(r·w/M) / (r + 1)   with surge, when (r+1)·w/M is no tie, and it is not 0 or zero is allowed
 *
 * Zero is allowed when w is 0 or M, or r = 1 and there is no surge. So a weight between 0 and M has at least one pod
 * on either side if possible.
 *
 * Ours: if the rule leaves no pair (r·w/M is a tie just below r, no surge: 75 % of 2 pods), Argo removes the canary
 * altogether; we round down.
 */
export interface Split {
  readonly canary: number;
  readonly stable: number;
}

/** r in pods or role sets, w in 0..maxWeight. */
export function splitReplicas(r: number, w: number, maxWeight: number, surge: number): Split {
  if (r === 0) return { canary: 0, stable: 0 };
  const up = Math.ceil((r * w) / maxWeight);
  const down = Math.floor((r * w) / maxWeight);
  const zeroAllowed = w === 0 || w === maxWeight || (r === 1 && surge === 0);
  const mayRoundDown = (total: number) => !isTie(total, w, maxWeight) && (down !== 0 || zeroAllowed);
  const pairs: readonly Pair[] = [
    ...(up < r || zeroAllowed ? [{ canary: up, total: r }] : []),
    ...(mayRoundDown(r) ? [{ canary: down, total: r }] : []),
    ...(surge > 0 ? [{ canary: up, total: r + 1 }] : []),
    ...(surge > 0 && mayRoundDown(r + 1) ? [{ canary: down, total: r + 1 }] : []),
  ];
  const distance = ({ canary, total }: Pair) => Math.abs((canary * maxWeight) / total - w);
  const best = pairs.reduce<Pair | undefined>((a, b) => (a && distance(a) <= distance(b) ? a : b), undefined);
  const { canary, total } = best ?? { canary: down, total: r };
  return { canary, stable: total - canary };
}

interface Pair {
  readonly canary: number;
  readonly total: number;
}

function isTie(total: number, w: number, maxWeight: number): boolean {
  return ((total * w) % maxWeight) * 2 === maxWeight;
}
