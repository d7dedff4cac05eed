import { describe, expect, it } from 'vitest';
import { metricOf } from '../../../test/analysis/metric.js';
import type { Purpose, Run } from '../../status/analysisRuns.js';
import type { Metric } from '../metric.js';
import type { Resolved } from '../templates/resolve.js';
import { footprint } from './bounds.js';
import { MAX_RUNNING_BYTES, resolvedHash, startRun } from './start.js';

const NOW = Date.parse('2026-01-01T00:00:00.700Z');
const STEP: Purpose = { kind: 'step', revision: 'new', step: 2 };

const metric = (given: Partial<Metric> = {}) => metricOf({ count: 1, ...given });

const resolved = (...metrics: Metric[]): Resolved => ({ metrics, secrets: [] });
const start = (purpose: Purpose, analysis: Resolved, running: readonly Run[] = []) =>
  startRun(purpose, analysis, running, NOW, 'canary.steps[2].analysis');

function started(purpose: Purpose, analysis: Resolved): Run {
  const run = start(purpose, analysis);
  if (!run.ok) throw new Error(JSON.stringify(run.problems));
  return run.value;
}

describe('a run', () => {
  it('is named by what it is for and by its second', () => {
    expect(started(STEP, resolved(metric())).id).toBe('step-new-2-1767225600');
    expect(started({ kind: 'background', revision: 'new' }, resolved(metric())).id).toBe('background-new-1767225600');
  });

  it('has its metrics pinned, without the defaults', () => {
    expect(started(STEP, resolved(metric(), metric({ name: 'dry', dryRun: true })))).toStrictEqual({
      id: 'step-new-2-1767225600',
      ...STEP,
      phase: 'Running',
      startedAt: '2026-01-01T00:00:00Z',
      resolved: expect.any(String),
      metrics: [
        { name: 'm', phase: 'Running', dueAt: '2026-01-01T00:00:00Z', measurements: [] },
        { name: 'dry', phase: 'Running', dryRun: true, dueAt: '2026-01-01T00:00:00Z', measurements: [] },
      ],
      pinned: [
        { name: 'm', successCondition: 'result == 1', provider: { prometheus: { query: 'up' } } },
        { name: 'dry', dryRun: true, successCondition: 'result == 1', provider: { prometheus: { query: 'up' } } },
      ],
    });
  });

  it('names the Secrets of its arguments', () => {
    const secrets = [{ arg: 'token', name: 'credentials', key: 'token' }];
    expect(started(STEP, { metrics: [metric()], secrets }).secrets).toEqual(secrets);
  });

  it('is first due in this second, or after the initial delay and not earlier', () => {
    const due = (initialDelay: number) => started(STEP, resolved(metric({ initialDelay }))).metrics[0]?.dueAt;
    expect(due(0)).toBe('2026-01-01T00:00:00Z');
    expect(due(10)).toBe('2026-01-01T00:00:11Z');
  });
});

describe('the hash of an analysis', () => {
  const own = resolvedHash(resolved(metric()));
  it.each<[string, Resolved]>([
    ['another metric', resolved(metric({ failureLimit: 1 }))],
    ['one more metric', resolved(metric(), metric({ name: 'n' }))],
    ['another Secret', { metrics: [metric()], secrets: [{ arg: 'a', name: 's', key: 'k' }] }],
  ])('changes with %s', (_, other) => {
    expect(resolvedHash(other)).not.toBe(own);
  });

  it('stays for the same measurements', () => {
    expect(resolvedHash(resolved(metric()))).toBe(own);
  });
});

describe('is refused', () => {
  const endless = metric({ interval: 10 });
  const { count, ...uncounted } = endless;

  it.each(['step', 'prePromotion', 'postPromotion'] as const)('a %s analysis that never ends', kind => {
    const refused = {
      path: 'canary.steps[2].analysis',
      problem: expect.stringContaining('"m" has an interval but no count'),
    };
    expect(start({ kind, revision: 'new' }, resolved(uncounted))).toMatchObject({ ok: false, problems: [refused] });
    expect(start({ kind, revision: 'new' }, resolved(endless)).ok).toBe(true);
  });

  it.each(['background', 'healthCheck'] as const)('no %s: the rollout ends it', kind => {
    expect(start({ kind, revision: 'new' }, resolved(uncounted)).ok).toBe(true);
  });

  it('what does not fit into status together with the active runs', () => {
    const sized = (characters: number) =>
      resolved(metric({ provider: { prometheus: { query: 'q'.repeat(characters) } } }));
    const other = started({ kind: 'background', revision: 'new' }, resolved(metric()));
    const empty = footprint(started(STEP, sized(0))) + footprint(other);
    const room = MAX_RUNNING_BYTES - empty;
    expect(start(STEP, sized(room), [other]).ok).toBe(true);
    expect(start(STEP, sized(room + 1), [other])).toEqual({
      ok: false,
      problems: [
        {
          path: 'canary.steps[2].analysis',
          problem: 'the concurrent analyses take 49153 bytes in status, more than the maximum of 49152',
          remedy: expect.stringContaining('run fewer metrics'),
        },
      ],
    });
  });
});
