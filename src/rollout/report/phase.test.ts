import { expect, it } from 'vitest';
import { decided, HASH } from '../../../test/rollouts/observed.js';
import type { Phase } from '../../status/phases.js';
import type { Decision } from '../step.js';
import type { Wait } from '../wait.js';
import { phaseOf } from './phase.js';

const DECISION = decided({ strategy: { canary: {} }, pods: { old: [4, 4], new: [1, 0] } });
const PODS: Wait = { reason: 'WaitingForPods', who: 'canary', available: 0, wanted: 1 };
const APPROVAL: Wait = { reason: 'WaitingForApproval', revision: HASH.new, step: 0 };
const LOST: Wait = { reason: 'StableLost', revision: HASH.old };
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;
const position = { step: 0, promoteFull: false, isNew: false, abort: ABORT };
const stable = { ...DECISION.plan, stable: HASH.new };

it.each<[Phase, string, Partial<Decision>]>([
  ['Progressing', 'for a wait for pods', { wait: PODS }],
  ['Progressing', 'for a wait although the revision is stable', { wait: PODS, plan: stable }],
  ['Paused', 'for a wait for a person', { wait: APPROVAL }],
  ['Degraded', 'if stable is lost', { wait: LOST }],
  ['Degraded', 'after an abort', { position }],
  ['Degraded', 'after an abort, whatever it waits for', { position, wait: PODS }],
  ['Degraded', 'after an abort, even at a gate', { position, wait: APPROVAL }],
  ['Degraded', 'after an abort, even if the revision is stable', { position, plan: stable }],
  ['Degraded', 'without progress', { deadlineExceeded: true, wait: PODS }],
  ['Degraded', 'without progress, even if nothing is left to do', { deadlineExceeded: true, plan: stable }],
  ['Healthy', 'once the revision is stable and nothing is left to do', { plan: stable }],
  ['Progressing', 'until the revision is stable', {}],
])('%s %s', (phase, _, given) => {
  expect(phaseOf({ ...DECISION, deadlineExceeded: false, wait: undefined, ...given })).toBe(phase);
});
