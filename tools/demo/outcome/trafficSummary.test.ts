import { describe, expect, it } from 'vitest';
import type { Measured } from '../../../src/sandbox/mesh/recorder.js';
import type { TrafficOutcome } from '../load/traffic.js';
import { plain } from '../text/colors.js';
import type { Outcome } from './outcome.js';
import { trafficProblem } from './trafficProblem.js';
import { toleratedFailures, trafficTable } from './trafficSummary.js';

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
  tolerated: 'none',
  seconds: 1,
  ...(requests && { requests }),
});

describe('trafficProblem', () => {
  it('has nothing to say when all was well', () => {
    expect(trafficProblem(seen([chapter(0.2, 19, 100)]), 'none')).toBeUndefined();
  });

  it('reports failures', () => {
    expect(trafficProblem(seen([], { 200: 990, 503: 7, 0: 3 }), 'none')).toBe(
      '10 of 1000 requests failed: 3 × no response, 7 × 503',
    );
  });

  it('reports a share that was too large, or not as expected', () => {
    expect(trafficProblem(seen([chapter(0.2, 60, 100, { verdict: 'too many' })]), 'none')).toBe(
      'at 0.2: the new revision got 60 % of 100 requests, too many: expected at most 20 %',
    );
    expect(trafficProblem(seen([chapter(0.2, 0, 100, { verdict: 'too few', atMost: 1 })]), 'none')).toBe(
      'at 0.2: the new revision got 0 % of 100 requests, too few: expected 20 %',
    );
  });
});

describe('errors of the new version', () => {
  const told = (failuresByRevision: Readonly<Record<string, number>>): TrafficOutcome => {
    const chapters = [chapter(1, 100, 100, { revision: 'first' }), chapter(0.2, 20, 100, { revision: 'bad' })];
    const { total } = seen(chapters, { 200: 980, 500: 20 });
    return { chapters, total: { ...total, failuresByRevision } };
  };
  const tolerated = 'errors of the new version';

  it('are no problem if the scenario expects them, and the summary says so', () => {
    const requests = told({ bad: 20 });
    expect(trafficProblem(requests, tolerated)).toBeUndefined();
    expect(trafficProblem(requests, 'none')).toBe('20 of 1000 requests failed: 20 × 500');
    expect(toleratedFailures([{ ...outcome(requests), tolerated }])).toEqual([
      'my-app.yaml: 20 errors (2 %), all from the version that was rolled back',
    ]);
    expect(trafficTable([{ ...outcome(requests), tolerated }], plain)).toMatch(/│ +20 │.*\n│ .*as expected │/);
  });

  it.each([
    ['of another version', { bad: 15, first: 5 }],
    ['that no pod has answered', { bad: 15 }],
  ])('and not those %s', (_, byRevision) => {
    const requests = told(byRevision as Readonly<Record<string, number>>);
    expect(trafficProblem(requests, tolerated)).toBe(
      '20 of 1000 requests failed: 20 × 500, 15 of them from the new version',
    );
    expect(toleratedFailures([{ ...outcome(requests), tolerated }])).toEqual([]);
  });

  it('do not excuse a share that is too large', () => {
    const requests = {
      ...told({ bad: 20 }),
      chapters: [chapter(0.2, 60, 100, { revision: 'bad', verdict: 'too many' })],
    };
    expect(trafficProblem(requests, tolerated)).toContain('too many: expected at most 20 %');
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
