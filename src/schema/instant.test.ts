import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromRfc3339, secondsUntil, startOfWait, toRfc3339 } from './instant.js';

const T = Date.UTC(2026, 0, 1, 12);

describe('fromRfc3339', () => {
  it.each<[unknown, number | undefined]>([
    ['2026-01-01T12:00:00Z', T],
    ['2026-01-01T12:00:00.5Z', T + 500],
    ['2026-01-01T13:00:00+01:00', T],
    ['2026-13-01T12:00:00Z', undefined],
    ['+275760-09-13T00:00:00Z', undefined],
    ['2026', undefined],
    ['yesterday', undefined],
    ['', undefined],
    [T, undefined],
    [null, undefined],
  ])('%j', (text, instant) => {
    expect(fromRfc3339(text)).toBe(instant);
  });

  it('reads what toRfc3339 writes, to the second', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Date.UTC(9000, 0, 1) }), instant => {
        expect(fromRfc3339(toRfc3339(instant))).toBe(Math.floor(instant / 1000) * 1000);
      }),
    );
  });

  it('yields nothing that cannot be moved on by 68 years and written again', () => {
    fc.assert(
      fc.property(fc.string(), text => {
        const instant = fromRfc3339(text) ?? fromRfc3339('9999-12-31T23:59:59Z') ?? 0;
        expect(() => toRfc3339(instant + 2 ** 31 * 1000)).not.toThrow();
      }),
    );
  });
});

describe('waits', () => {
  it.each([
    [T, T],
    [T + 1, T + 1000],
    [T + 999, T + 1000],
  ])('one that begins at %i counts from %i', (now, start) => {
    expect(startOfWait(now)).toBe(start);
  });

  it.each([
    [T + 30_000, 30],
    [T + 29_001, 30],
    [T + 1, 1],
    [T, 1],
    [T - 5000, 1],
  ])('until %i it is %i s: never 0, never early', (instant, seconds) => {
    expect(secondsUntil(instant, T)).toBe(seconds);
  });
});
