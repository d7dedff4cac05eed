import { describe, expect, it } from 'vitest';
import { read } from '../../../test/api/read.js';
import { spec } from '../../../test/api/specs.js';
import type { Observation } from '../../observe/observation.js';
import { APPROVE_ANNOTATION, PAUSE_ANNOTATION } from '../../schema/names.js';
import type { Position } from '../position.js';
import { holdOf } from './pause.js';

const GATE: Position = { step: 1, promoteFull: false, isNew: false, gate: { step: 1, startedAt: 0 } };
const ABORT = { reason: 'AnalysisFailed', message: 'errors 7 %', at: '2026-01-01T00:00:00Z' } as const;

function held(given: { paused?: boolean; pause?: boolean; approve?: string; running?: boolean; position?: Position }) {
  const { paused = false, pause = true, approve, running = true, position = GATE } = given;
  const observation = { spec: read(spec({ paused })), target: 'abc' } as Observation;
  const command = approve === undefined ? {} : { approve: { annotation: APPROVE_ANNOTATION, value: approve } };
  return holdOf(observation, { pause, ...command }, running, position);
}

describe('a hold', () => {
  it.each<[string, Parameters<typeof held>[0], ReturnType<typeof held>['held']]>([
    ['by the annotation', {}, 'annotation'],
    ['by the spec, whatever the annotation says', { paused: true }, 'spec'],
    ['by the spec alone', { paused: true, pause: false }, 'spec'],
    ['by neither', { pause: false }, false],
    ['of nothing that runs', { running: false, paused: true }, false],
    ['of what is aborted', { position: { ...GATE, abort: ABORT }, paused: true }, false],
  ])('%s', (_, given, expected) => {
    expect(held(given)).toEqual({ held: expected, effects: {} });
  });

  it.each([
    ['true', true],
    ['abc:1', true],
    ['abc:01', false],
    ['abc:2', false],
    ['abc:', false],
    ['abc:undefined', false],
  ])('is cleared by the approval %s: %s', (approve, cleared) => {
    const effects = cleared ? { [PAUSE_ANNOTATION]: 'cleared by aibrix.io/rollout-approve' } : {};
    expect(held({ approve })).toEqual({ held: cleared ? false : 'annotation', effects });
  });

  it('is not cleared by an approval of a step where no gate waits', () => {
    const { gate: _, ...walking } = GATE;
    expect(held({ approve: 'abc:1', position: walking }).held).toBe('annotation');
    expect(held({ approve: 'abc:undefined', position: walking }).held).toBe('annotation');
  });

  it('of the spec is not cleared by any approval', () => {
    expect(held({ paused: true, approve: 'true' })).toEqual({ held: 'spec', effects: {} });
  });
});
