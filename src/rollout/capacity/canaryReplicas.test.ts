import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitReplicas } from './canaryReplicas.js';

/** The rule once more, in whole numbers and step by step: what is no candidate is left out. */
function bruteForce(r: number, w: number, max: number, surge: number) {
  if (r === 0) return { canary: 0, stable: 0 };
  const up = -Math.floor((-r * w) / max);
  const down = (r * w - ((r * w) % max)) / max;
  const zero = w === 0 || w === max || (r === 1 && surge === 0);
  const candidates = (surge > 0 ? [r, r + 1] : [r]).flatMap(total => [
    ...(total > r || up < r || zero ? [[up, total] as const] : []),
    ...(!isHalf(total * w, max) && (down > 0 || zero) ? [[down, total] as const] : []),
  ]);
  // |canary·max/total − w| compared as fractions, without a division.
  const nearer = ([a, m]: readonly [number, number], [b, n]: readonly [number, number]) =>
    Math.abs(a * max - w * m) * n < Math.abs(b * max - w * n) * m;
  const best = candidates.reduce((first, pair) => (nearer(pair, first) ? pair : first), candidates[0] ?? [down, r]);
  return { canary: best[0], stable: best[1] - best[0] };
}

/** Whether n/max is k + ½ for a whole k. */
function isHalf(n: number, max: number): boolean {
  const k = Math.trunc(n / max);
  return 2 * n === (2 * k + 1) * max;
}

describe('splitReplicas', () => {
  it('is the rule for every count, weight and surge', () => {
    const wrong: string[] = [];
    for (let r = 0; r <= 50; r++)
      for (let w = 0; w <= 100; w++)
        for (let surge = 0; surge <= 3; surge++) {
          const [found, wanted] = [splitReplicas(r, w, 100, surge), bruteForce(r, w, 100, surge)];
          if (found.canary !== wanted.canary || found.stable !== wanted.stable)
            wrong.push(`r ${r} w ${w} surge ${surge}: ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
        }
    expect(wrong).toEqual([]);
  });

  it('is the rule for other scales of weights', () => {
    const scale = fc.integer({ min: 1, max: 1000 });
    fc.assert(
      fc.property(scale, fc.nat(1000), fc.nat(200), fc.nat(3), (max, weight, r, surge) => {
        const w = Math.min(weight, max);
        expect(splitReplicas(r, w, max, surge)).toEqual(bruteForce(r, w, max, surge));
      }),
    );
  });

  it.each<[r: number, w: number, surge: number, canary: number, stable: number]>([
    [10, 0, 1, 0, 10],
    [10, 10, 1, 1, 9],
    [10, 25, 1, 3, 8],
    [10, 25, 0, 3, 7],
    [10, 50, 1, 5, 5],
    [10, 75, 1, 8, 3],
    [10, 99, 1, 10, 1],
    [10, 100, 1, 10, 0],
    [5, 20, 2, 1, 4],
    [1, 10, 1, 1, 1],
    [1, 49, 0, 0, 1],
    [1, 51, 0, 1, 0],
    [2, 75, 0, 1, 1],
    [3, 1, 0, 1, 2],
    [0, 50, 3, 0, 0],
  ])('%i pods at weight %i with surge %i: %i new, %i stable', (r, w, surge, canary, stable) => {
    expect(splitReplicas(r, w, 100, surge)).toEqual({ canary, stable });
  });

  it('keeps at least one pod on either side of a weight between, and never more than one over', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 500 }), fc.integer({ min: 1, max: 99 }), fc.nat(3), (r, w, surge) => {
        const { canary, stable } = splitReplicas(r, w, 100, surge);
        expect(canary).toBeGreaterThan(0);
        expect(stable).toBeGreaterThan(0);
        expect(canary + stable - r).toBeLessThanOrEqual(Math.min(1, surge));
        expect(canary + stable).toBeGreaterThanOrEqual(r);
      }),
    );
  });

  it('never gives a larger weight fewer pods of the new revision', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.nat(99), fc.nat(3), (r, w, surge) => {
        const share = ({ canary, stable }: { canary: number; stable: number }) => canary / (canary + stable);
        expect(share(splitReplicas(r, w + 1, 100, surge))).toBeGreaterThanOrEqual(
          share(splitReplicas(r, w, 100, surge)),
        );
      }),
    );
  });
});
