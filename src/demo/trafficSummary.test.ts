import { describe, expect, it } from 'vitest';
import type { Measured } from '../sandbox/mesh/recorder.js';
import { plain } from './colors.js';
import type { Outcome } from './summary.js';
import type { TrafficOutcome } from './traffic.js';
import { trafficProblem, trafficTable } from './trafficSummary.js';

function chapter(expected: number, fresh: number, requests: number, other: Partial<Measured> = {}): Measured {
  const byRevision = { new: fresh, old: requests - fresh };
  const counts = { requests, failures: 0, byRevision, failuresByRevision: {}, byCode: { 200: requests } };
  const share = fresh / requests;
  return {
    title: `at ${expected}`,
    revision: 'new',
    atMost: expected,
    expected,
    ...counts,
    share,
    verdict: 'as expected',
    ...other,
  };
}

function seen(chapters: readonly Measured[], byCode: Readonly<Record<string, number>> = { 200: 1000 }): TrafficOutcome {
  const requests = Object.values(byCode).reduce((sum, count) => sum + count, 0);
  const failures = requests - (byCode['200'] ?? 0);
  return { total: { requests, failures, byRevision: {}, failuresByRevision: {}, byCode }, chapters };
}

const outcome = (requests?: TrafficOutcome): Outcome => ({
  name: 'my-app',
  file: 'samples/rollout/my-app.yaml',
  expected: { phase: 'Healthy' },
  seconds: 1,
  ...(requests && { requests }),
});

describe('trafficProblem', () => {
  it('has nothing to say when all was well', () => {
    expect(trafficProblem(seen([chapter(0.2, 19, 100)]))).toBeUndefined();
  });

  it('tells of failures', () => {
    expect(trafficProblem(seen([], { 200: 990, 503: 7, 0: 3 }))).toBe(
      '10 of 1000 requests failed: 3 × no answer, 7 × 503',
    );
  });

  it('tells of a share that was too large, or not what it should be', () => {
    expect(trafficProblem(seen([chapter(0.2, 60, 100, { verdict: 'too many' })]))).toBe(
      'at 0.2: the new revision had 60 % of 100 requests, too many: at most 20 % is right',
    );
    expect(trafficProblem(seen([chapter(0.2, 0, 100, { verdict: 'too few', atMost: 1 })]))).toBe(
      'at 0.2: the new revision had 0 % of 100 requests, too few: 20 % is right',
    );
  });
});

describe('trafficTable', () => {
  it('puts together what was measured at each step, of several rollouts', () => {
    const chapters = [
      chapter(0.2, 20, 100),
      chapter(1, 100, 100),
      chapter(0.2, 22, 100, { title: 'again' }),
      chapter(0, 0, 9),
    ];
    expect(trafficTable([outcome(seen(chapters))], plain)).toBe(
      [
        '┌───┬─────────────┬──────────┬────────┬─────────────────────┐',
        '│   │ Sample      │ Requests │ Failed │ To the new revision │',
        '├───┼─────────────┼──────────┼────────┼─────────────────────┤',
        '│ ✓ │ my-app.yaml │     1000 │      0 │ step 20 %: 21 %     │',
        '│   │             │          │        │ step 100 %: 100 %   │',
        '└───┴─────────────┴──────────┴────────┴─────────────────────┘',
      ].join('\n'),
    );
  });

  it('is empty without requests', () => {
    expect(trafficTable([outcome()], plain)).toBe('');
  });
});
