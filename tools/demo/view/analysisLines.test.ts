import { describe, expect, it } from 'vitest';
import { metricPictures } from '../picture/analysisPicture.js';
import { plain } from '../text/colors.js';
import { analysisLines, analysisText } from './analysisLines.js';

const metric = {
  name: 'answers',
  phase: 'Running',
  dueAt: '2026-01-01T00:00:10Z',
  successful: 2,
  measurements: [
    { at: '2026-01-01T00:00:00Z', phase: 'Successful', value: '{"requests":0,"failures":0,"successRate":null}' },
    { at: '2026-01-01T00:00:05Z', phase: 'Successful', value: '{"requests":31,"failures":0,"successRate":1}' },
  ],
};

const run = {
  id: 'step-new-1-0',
  kind: 'step',
  revision: 'new',
  step: 1,
  phase: 'Running',
  startedAt: '2026-01-01T00:00:00Z',
  metrics: [metric],
  pinned: [{ name: 'answers', interval: 5, count: 3, provider: { web: { url: 'http://a' } } }],
};

const lines = (runs: readonly object[], rolloutStatus: object = {}, width = 60) =>
  analysisLines(metricPictures({ analysisRuns: runs, rolloutStatus }), { width, colors: plain });

describe('analysisLines', () => {
  it('shows how far each metric is, and its last value', () => {
    expect(lines([run])).toEqual([
      'Analysis',
      '▶ answers  2 of 3 measured',
      '  requests 31, failures 0, successRate 1',
    ]);
  });

  it('shows what has failed, once it is rolled back', () => {
    const measurements = [{ at: '2026-01-01T00:00:10Z', phase: 'Failed', value: '[0.5]' }];
    const failed = { ...metric, phase: 'Failed', failed: 1, measurements };
    const { pinned: _, ...ended } = { ...run, past: true, phase: 'Failed', metrics: [failed] };
    const taken = (reason: string) => ({ updatedRevision: 'new', abort: { reason } });
    const shown = ['Analysis', '✗ answers  3 measured', '  [0.5]'];
    expect(lines([ended], taken('AnalysisFailed'))).toEqual(shown);
    expect(lines([{ ...ended, revision: 'earlier' }, ended], taken('AnalysisFailed'))).toEqual(shown);
    expect(lines([ended], taken('AbortedByAnnotation'))).toEqual([]);
  });

  it('says which measurement took it back, in the sync that read it', () => {
    const at = '2026-01-01T00:00:10Z';
    const measurements = [{ at, phase: 'Failed', value: '[0.5]' }];
    const failed = { ...run, phase: 'Failed', metrics: [{ ...metric, phase: 'Failed', measurements }] };
    const aborted = (at: string) => ({ updatedRevision: 'new', abort: { reason: 'AnalysisFailed', at } });
    expect(lines([failed], aborted(at))).toContain('  rolled back as soon as this was read');
    expect(lines([failed], aborted('2026-01-01T00:00:11Z')).join()).not.toContain('rolled back');
  });

  it('shows why there is no value', () => {
    const measurements = [{ at: '2026-01-01T00:00:10Z', phase: 'Error', message: 'connection refused' }];
    expect(lines([{ ...run, metrics: [{ ...metric, measurements }] }])).toContain('  connection refused');
  });

  it('leaves out what ended well, and what was of another rollout', () => {
    expect(
      lines([
        { ...run, phase: 'Successful' },
        { ...run, phase: 'Failed', past: true },
      ]),
    ).toEqual([]);
  });

  it('cuts what is too long', () => {
    expect(Math.max(...lines([run], {}, 20).map(line => [...line].length))).toBe(20);
  });
});

it('analysisText says the same in one line', () => {
  expect(metricPictures({ analysisRuns: [run] }).map(analysisText)).toEqual([
    'answers Running 2 of 3 measured, last Successful: requests 31, failures 0, successRate 1',
  ]);
});
