import { describe, expect, it } from 'vitest';
import type { IntOrPercent } from '../../schema/intOrPercent.js';
import { toleranceOf } from './tolerance.js';

describe('toleranceOf', () => {
  it.each<[maxSurge: IntOrPercent, maxUnavailable: IntOrPercent, r: number, surge: number, unavailable: number]>([
    ['25%', '25%', 10, 3, 2],
    ['25%', '25%', 4, 1, 1],
    ['25%', '25%', 3, 1, 0],
    ['25%', '25%', 1, 1, 0],
    ['0%', '25%', 3, 0, 1],
    [0, '25%', 3, 0, 1],
    ['0%', '0%', 10, 0, 1],
    [0, 1, 1, 0, 1],
    [2, 0, 10, 2, 0],
    [0, 20, 10, 0, 10],
    ['100%', '100%', 7, 7, 7],
    ['1%', '1%', 200, 2, 2],
    ['25%', '25%', 0, 0, 0],
  ])('surge %s and unavailable %s of %i: %i and %i', (maxSurge, maxUnavailable, r, surge, unavailable) => {
    const tolerance = toleranceOf(maxSurge, maxUnavailable, r);
    expect(tolerance.surge).toBe(surge);
    // With nothing at all there is nothing to be unavailable.
    expect(Math.min(tolerance.unavailable, r)).toBe(unavailable);
  });

  it('never stands still: of two per cents that round to 0 one pod may be unavailable', () => {
    for (let r = 1; r < 100; r++) {
      const { surge, unavailable } = toleranceOf('0%', '1%', r);
      expect(surge + unavailable).toBeGreaterThan(0);
    }
  });
});
