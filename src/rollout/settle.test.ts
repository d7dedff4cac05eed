import { describe, expect, it } from 'vitest';
import { toRfc3339 } from '../schema/instant.js';
import { readStatus } from '../status/status.js';
import { settle } from './settle.js';

const T = Date.UTC(2026, 0, 1);
const seen = (state: string, since: number) =>
  readStatus({ bookkeeping: { routeSeen: { state, since: toRfc3339(since) } } });

describe('settle', () => {
  it.each<[string, ReturnType<typeof readStatus>, number, boolean]>([
    ['a state never seen before', readStatus({}), 2, false],
    ['another state', seen('a', T - 60_000), 2, false],
    ['seen for too short a time', seen('b', T - 1000), 2, false],
    ['seen for long enough', seen('b', T - 2000), 2, true],
    ['at once without a time', readStatus({}), 0, true],
    ['seen by a clock that is ahead', seen('b', T + 3000), 2, false],
  ])('%s', (_, memory, seconds, inEffect) => {
    expect(settle('b', memory, seconds, T).inEffect).toBe(inEffect);
  });

  it('tells status since when, and when it will be', () => {
    expect(settle('b', seen('b', T - 1000), 5, T)).toEqual({
      inEffect: false,
      seen: { state: 'b', since: T - 1000 },
      at: T + 4000,
    });
    expect(settle('c', seen('b', T - 1000), 5, T).seen).toEqual({ state: 'c', since: T });
  });
});
