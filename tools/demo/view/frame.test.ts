import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, test } from 'vitest';
import type { Picture } from '../picture/picture.js';
import type { PodState } from '../picture/revisionPicture.js';
import { coloured, plain } from '../text/colors.js';
import { frame, type Scene } from './frame.js';

const many = (count: number, state: PodState): readonly PodState[] => Array.from({ length: count }, () => state);

const atTheGate: Picture = {
  name: 'canary-basic',
  at: Date.UTC(2026, 0, 1),
  replicas: 10,
  status: {
    phase: 'Paused',
    strategy: 'Canary',
    stableRevision: '75zjjq2ddf',
    updatedRevision: 'n8nrwbvfbg',
    currentStepIndex: 1,
    canaryWeight: 10,
    pause: { reason: 'PauseUntilApproval', startedAt: '2026-01-01T00:00:00Z' },
    message: 'waiting for approval; approve with: kubectl annotate stormservice canary-basic a=b',
  },
  stages: [
    { label: 'set weight 10', state: 'done' },
    { label: 'pause until approved', state: 'current' },
    { label: 'set weight 100', state: 'pending' },
  ],
  carried: 10,
  revisions: [
    {
      hash: '75zjjq2ddf',
      rank: 'stable',
      image: 'podinfo:6.9.0',
      groups: [{ role: '', wanted: 9, pods: many(9, 'available') }],
      wanted: 9,
      pods: 9,
      available: 9,
    },
    {
      hash: 'n8nrwbvfbg',
      rank: 'new',
      image: 'podinfo:6.9.1',
      groups: [{ role: '', wanted: 1, pods: ['available', 'failing', 'starting', 'terminating'] }],
      wanted: 1,
      pods: 4,
      available: 1,
    },
  ],
  metrics: [],
  paused: false,
};

const scene: Scene = {
  chapters: [
    { name: 'canary-basic', state: 'current' },
    { name: 'blue-green', state: 'pending' },
  ],
  speed: 10,
  chapter: { title: 'A canary with a gate', story: 'Nothing more happens until somebody approves.' },
  picture: atTheGate,
  ran: 'kubectl apply -f samples/rollout/canary-basic.yaml',
};

const drawn = (part: Partial<Scene> = {}, width = 80, colors = plain) =>
  frame({ ...scene, ...part }, { width, colors });

test('a frame, 80 columns wide', () => {
  expect(drawn()).toBe(`
 ▶ canary-basic  · blue-green                                          10× time

 A canary with a gate. Nothing more happens until somebody approves.

 canary-basic  Canary                                                   Paused
 waiting for approval

 Steps                       Requests
 ✓ 1 set weight 10           ███░░░░░░░░░░░░░░░░░░░░░░░░░░░ 10 % new, weight 10
 ▶ 2 pause until approved
 · 3 set weight 100          Pods
                             stable  75zjjq2ddf  podinfo:6.9.0           9 of 9
                                     ●●●●●●●●●
                             new     n8nrwbvfbg  podinfo:6.9.1           1 of 1
                                     ●✗◐○
                             ● available  ✗ failing  ◐ starting  ○ terminating

 ran  $ kubectl apply -f samples/rollout/canary-basic.yaml
 now  $ kubectl annotate stormservice canary-basic \\
          aibrix.io/rollout-approve=n8nrwbvfbg:1 --overwrite
`);
});

describe('frame', () => {
  it('shows what clients measure, where there are any', () => {
    const byRevision = { '75zjjq2ddf': 79, n8nrwbvfbg: 21 };
    const traffic = { perSecond: 100, byRevision, requests: 4312, failures: 0 };
    const text = drawn({ picture: { ...atTheGate, traffic } });
    expect(text).toContain('Requests  100/s, 4312 total, 0 failed');
    expect(text).toContain(' 21 % new, weight 10');
  });

  it.each([60, 80, 100, 120, 200])('fits into %i columns', width => {
    const widths = drawn({}, width)
      .split('\n')
      .map(line => [...line].length);
    expect(Math.max(...widths)).toBeLessThanOrEqual(width);
  });

  it('is the same with colours', () => {
    expect(stripVTControlCharacters(drawn({}, 80, coloured)).replace(/ +$/gm, '')).toBe(drawn());
  });

  it('counts a timed pause down', () => {
    const pause = { reason: 'PauseDuration', until: '2026-01-01T00:00:21Z' };
    const status = { ...atTheGate.status, pause };
    expect(drawn({ picture: { ...atTheGate, status } })).toContain('▶ 2 pause until approved (21 s left)');
  });

  it('shows numbers where there are more pods than columns', () => {
    const [stable] = atTheGate.revisions;
    const groups = [{ role: 'decode', wanted: 500, pods: many(500, 'available') }];
    expect(drawn({ picture: { ...atTheGate, revisions: [{ ...stable!, groups }] } })).toContain('decode ● × 500');
  });

  it.each<[Partial<Picture['status']>, boolean, string]>([
    [{}, true, 'aibrix.io/rollout-pause-'],
    [{ pause: { reason: 'PauseDuration', until: '2026-01-01T00:00:21Z' } }, false, 'aibrix.io/rollout-approve=true'],
    [{ pause: { reason: 'InconclusiveAnalysis' } }, false, 'aibrix.io/rollout-approve=n8nrwbvfbg:1'],
    [{ pause: { reason: 'InconclusiveAnalysis' } }, false, 'aibrix.io/rollout-abort=true'],
    [{ phase: 'Progressing' }, false, 'aibrix.io/rollout-abort=true'],
    [{ phase: 'Degraded', abort: { reason: 'a' } }, false, 'aibrix.io/rollout-retry=true'],
  ])('%j: says what would act now', (change, paused, command) => {
    const picture = { ...atTheGate, paused, status: { ...atTheGate.status, ...change } };
    expect(drawn({ picture })).toContain(command);
  });

  it('says nothing where nothing would act', () => {
    const status = { ...atTheGate.status, phase: 'Healthy', stableRevision: 'n8nrwbvfbg' };
    expect(drawn({ picture: { ...atTheGate, status } })).not.toContain(' now ');
  });
});
