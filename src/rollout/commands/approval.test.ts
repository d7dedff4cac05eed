import { describe, expect, it } from 'vitest';
import { BEFORE, type Cluster, decided, HASH } from '../../../test/rollouts/observed.js';
import { APPROVE_ANNOTATION, PAUSE_ANNOTATION } from '../../schema/names.js';
import type { Context } from '../context.js';
import type { Approval } from './annotations.js';
import { approvalEffects, passes, whyUnused } from './approval.js';

const PASSED: Approval = { passed: true, effect: 'passed step 2 of 3' };
const REFUSED: Approval = { passed: false, effect: 'ignored: no gate is waiting' };
const approve = (value = 'true') => ({ annotation: APPROVE_ANNOTATION, value });
const GATE = { revision: 'rev', step: 1, recorded: true };

describe('an approval', () => {
  it.each<[string, string, typeof GATE, boolean]>([
    ['passes a gate that status shows', 'true', GATE, true],
    ['passes no gate that was reached in this sync', 'true', { ...GATE, recorded: false }, false],
    ['of a gate passes it', 'rev:1', GATE, true],
    ['of a gate passes it, even if it was reached in this sync', 'rev:1', { ...GATE, recorded: false }, true],
    ['of another revision does not', 'other:1', GATE, false],
    ['of the same revision at an earlier step does not', 'rev:0', GATE, false],
    ['of the same revision at a later step does not', 'rev:2', GATE, false],
    ['of another revision and step does not', 'other:2', GATE, false],
    ['of a step with a leading zero does not', 'rev:01', GATE, false],
    ['of no revision does not', ':1', GATE, false],
    ['of no step does not', 'rev:', GATE, false],
    ['of step 0 passes it', 'rev:0', { ...GATE, step: 0 }, true],
    ['of step 10 passes it', 'rev:10', { ...GATE, step: 10 }, true],
    ['of step 10 does not pass step 1', 'rev:10', GATE, false],
  ])('%s', (_, value, gate, passed) => {
    expect(passes(approve(value), gate)).toBe(passed);
  });

  it('says why it passed nothing', () => {
    expect(whyUnused(approve(), undefined)).toBe('ignored: no gate is waiting');
    expect(whyUnused(approve('rev:01'), GATE)).toBe('ignored: rev:1 is waiting, not rev:01');
    expect(whyUnused(approve(), GATE)).toBe('ignored: rev:1 was reached only in this sync; approve it now');
  });
});

describe('the effect of an approval', () => {
  const CONTEXT = decided({ strategy: { canary: {} }, pods: { old: [4, 4] } });
  const commands = { pause: false, approve: approve() };
  const cleared = { effects: { [PAUSE_ANNOTATION]: 'cleared by aibrix.io/rollout-approve' } };
  const position = { step: 1, promoteFull: false, isNew: false, gate: { step: 1, startedAt: BEFORE } };
  const other = { commands: { pause: true, approve: approve(`${HASH.new}:2`) } };

  it.each<[string, Partial<Context>, Approval | undefined, string | undefined]>([
    ['is none without one', { commands: { pause: true } }, PASSED, undefined],
    ['is that on the steps', {}, PASSED, 'passed step 2 of 3'],
    ['is that on the steps, even if it is ignored', {}, REFUSED, 'ignored: no gate is waiting'],
    [
      'is first that on an analysis',
      { findings: { ...CONTEXT.findings, approval: { passed: true, effect: 'passed the step analysis' } } },
      PASSED,
      'passed the step analysis',
    ],
    ['clears rollout-pause', cleared, undefined, 'cleared rollout-pause'],
    ['clears rollout-pause, and passes no gate', cleared, REFUSED, 'cleared rollout-pause'],
    ['clears rollout-pause and passes a gate', cleared, PASSED, 'cleared rollout-pause and passed step 2 of 3'],
    ['is none under spec.paused', { held: 'spec', position }, undefined, 'ignored: spec.paused holds the rollout'],
    [
      'is none under rollout-pause if another gate waits',
      { held: 'annotation', position, ...other },
      undefined,
      `ignored: ${HASH.new}:1 is waiting, not ${HASH.new}:2`,
    ],
    [
      'is none under rollout-pause without a gate',
      { held: 'annotation', position: { step: 1, promoteFull: false, isNew: false }, ...other },
      undefined,
      'ignored: no gate is waiting',
    ],
    ['is none at a gate that no step waits at', { held: false, position }, undefined, 'ignored: no gate is waiting'],
  ])('%s', (_, given, walked, effect) => {
    const context = { ...CONTEXT, commands, effects: {}, held: false as const, ...given };
    expect(approvalEffects(context, walked)).toEqual(effect === undefined ? {} : { [APPROVE_ANNOTATION]: effect });
  });
});

describe('a sync with rollout-pause and an approval at a gate', () => {
  const cluster: Cluster = {
    strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }, { pause: {} }] } },
    pods: { old: [3, 3], new: [1, 1] },
    memory: { stepIndex: 1, gate: { step: 1, startedAt: BEFORE }, heldSince: BEFORE },
  };
  const sync = (value: string) =>
    decided({ ...cluster, annotations: { [PAUSE_ANNOTATION]: 'true', [APPROVE_ANNOTATION]: value } });

  it.each([
    ['is released and passes the gate', 'true', 2],
    ['is released by the approval of its gate', `${HASH.new}:1`, 2],
  ])('%s', (_, value, step) => {
    const { held, plan, effects } = sync(value);
    expect({ held, step: plan.step }).toEqual({ held: false, step });
    expect(effects).toEqual({
      [PAUSE_ANNOTATION]: 'cleared by aibrix.io/rollout-approve',
      [APPROVE_ANNOTATION]: `cleared rollout-pause and passed step 2 of 4 of revision ${HASH.new}`,
    });
  });

  it.each([
    ['another revision', `${HASH.old}:1`],
    ['another step', `${HASH.new}:3`],
    ['a step with a leading zero', `${HASH.new}:01`],
  ])('stays held if the approval is for %s', (_, value) => {
    const { held, plan, effects, wait } = sync(value);
    expect({ held, step: plan.step, wait: wait?.reason }).toEqual({
      held: 'annotation',
      step: 1,
      wait: 'RolloutPaused',
    });
    expect(effects).toEqual({ [APPROVE_ANNOTATION]: `ignored: ${HASH.new}:1 is waiting, not ${value}` });
  });
});
