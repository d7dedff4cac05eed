import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { chanceOfAtLeast, chanceOfAtMost, compareShare } from './significance.js';

/** Exact, by summing the binomial distribution. */
function exactAtLeast(count: number, total: number, share: number): number {
  let sum = 0;
  let logChoose = 0;
  for (let k = 0; k <= total; k += 1) {
    if (k > 0) logChoose += Math.log((total - k + 1) / k);
    if (k >= count) sum += Math.exp(logChoose + k * Math.log(share) + (total - k) * Math.log(1 - share));
  }
  return sum;
}

describe('significance', () => {
  it('never understates the chance', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 200 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (total, share) => {
          for (let count = 0; count <= total; count += 7) {
            expect(chanceOfAtLeast(count, total, share)).toBeGreaterThanOrEqual(
              exactAtLeast(count, total, share) - 1e-9,
            );
          }
        },
      ),
    );
  });

  it('knows what cannot be', () => {
    expect(chanceOfAtLeast(1, 1000, 0)).toBe(0);
    expect(chanceOfAtMost(999, 1000, 1)).toBe(0);
    expect(chanceOfAtLeast(0, 0, 0)).toBe(1);
    expect(compareShare(1, 1000, 0)).toBe('too many');
    expect(compareShare(0, 1000, 0)).toBe('as expected');
    expect(compareShare(1000, 1000, 1)).toBe('as expected');
  });

  it('tells a wrong share from a right one', () => {
    const random = seededRandom(3);
    const sample = (share: number) => Array.from({ length: 1000 }, random).filter(drawn => drawn < share).length;
    for (const share of [0.01, 0.2, 0.5, 0.99]) expect(compareShare(sample(share), 1000, share)).toBe('as expected');
    expect(compareShare(sample(0.3), 1000, 0.2)).toBe('too many');
    expect(compareShare(sample(0.1), 1000, 0.2)).toBe('too few');
  });
});
