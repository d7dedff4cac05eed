import { describe, expect, it } from 'vitest';
import { costOfUpdate } from '../../tools/bench/calls.js';

describe.each(['dynamic-apply', 'server-side-apply'] as const)('an update of 5 pods in 3 steps: %s', applyStrategy => {
  it.each([1, 2, 3, 4, 5])('costs few calls and writes, seed %i', async seed => {
    const { syncs, decorates, writes } = await costOfUpdate({ seed, applyStrategy });
    expect(syncs).toBeLessThanOrEqual(13);
    expect(decorates).toBe(0);
    expect(writes).toBeLessThanOrEqual(14);
  });
});
