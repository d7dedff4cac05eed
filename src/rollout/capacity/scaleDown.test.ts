import { describe, expect, it } from 'vitest';
import { contextOf, type Given, T } from '../../../test/rollouts/context.js';
import { isSelected, scaleDownAborted, scaleDownFormerStable, scaleDownOthers } from './scaleDown.js';

const delay = (at: number, wasStable = true) => ({ at, wasStable });

describe('isSelected', () => {
  it.each<[string, Given['services'], readonly string[], boolean]>([
    ['by one of the Services', { active: 'S', preview: 'C' }, ['active', 'preview'], true],
    ['by a Service that selects all pods', { active: '*' }, ['active'], true],
    ['only by other revisions’ Services', { active: 'S', preview: 'S' }, ['active', 'preview'], false],
    ['only by a Service that is not asked about', { active: 'C' }, ['preview'], false],
    ['a missing Service selects nothing', {}, ['active'], false],
    ['without Services', {}, [], false],
  ])('%s', (_, services = {}, names, selected) => {
    const context = contextOf({ services });
    expect(isSelected(context, context.revisions.updated, names)).toBe(selected);
  });
});

describe('a revision that is neither stable nor updated', () => {
  it.each<[string, Given, boolean, number, object | undefined]>([
    ['never served: removed immediately', {}, false, 0, undefined],
    ['never served, but still reachable: stays', {}, true, 3, undefined],
    ['a millisecond before its delay is over', remembering(T + 1), false, 3, delay(T + 1)],
    ['at the end of its delay', remembering(T), false, 0, undefined],
    ['after its delay, but reachable: stays', remembering(T - 1), true, 3, delay(T - 1)],
    ['delay of another revision', { memory: { scaleDownAt: new Map([['A', delay(T + 1)]]) } }, false, 0, undefined],
    ['status is lost: has the delay from now', { memory: { lost: true } }, false, 3, delay(T + 30_000, false)],
    ['status is lost in mid-second', { memory: { lost: true }, now: T + 1 }, false, 3, delay(T + 31_000, false)],
    ['without pods: no delay', { ...remembering(T + 1), pods: { B: 0, S: 4, C: 4 } }, true, 0, undefined],
  ])('%s', (_, given, reachable, sets, scaleDownAt) => {
    const context = contextOf({ pods: { B: 3, S: 4, C: 4 }, ...given });
    expect(scaleDownOthers(context, () => reachable, 30)).toEqual({
      sets: new Map([['B', sets]]),
      scaleDownAt: new Map(scaleDownAt ? [['B', scaleDownAt]] : []),
    });
  });

  it('status is lost and there is no delay: removed immediately', () => {
    const context = contextOf({ pods: { B: 3, S: 4, C: 4 }, memory: { lost: true } });
    expect(scaleDownOthers(context, () => false, 0)).toEqual({ sets: new Map([['B', 0]]), scaleDownAt: new Map() });
  });

  it('each revision is judged on its own', () => {
    const context = contextOf({ pods: { A: 1, B: 2, S: 4, C: 4 } });
    expect(scaleDownOthers(context, ({ hash }) => hash === 'A', 30).sets).toEqual(
      new Map([
        ['B', 0],
        ['A', 1],
      ]),
    );
  });

  function remembering(at: number): Given {
    return { memory: { scaleDownAt: new Map([['B', delay(at)]]) } };
  }
});

describe('the updated revision after an abort', () => {
  const counting = (at: number) => ({ memory: { scaleDownAt: new Map([['C', delay(at)]]) } });

  it.each<[string, Given, { seconds?: number; free?: boolean }, number, number | undefined]>([
    ['the delay starts', {}, {}, 4, T + 30_000],
    ['the delay starts at the next full second', { now: T + 1 }, {}, 4, T + 31_000],
    ['a millisecond before the delay is over', counting(T + 1), {}, 4, T + 1],
    ['at the end of the delay', counting(T), {}, 0, T],
    ['traffic still reaches it: the delay has not started', counting(T), { free: false }, 4, undefined],
    ['a delay of 0: its pods stay', counting(T), { seconds: 0 }, 4, undefined],
    ['stable lacks a pod', { ...counting(T), pods: { S: [4, 3], C: 4 } }, {}, 4, undefined],
    ['stable has more pods than it needs', { ...counting(T), pods: { S: 5, C: 4 } }, {}, 0, T],
    ['no stable revision', { ...counting(T), stable: null }, {}, 4, undefined],
    ['no stable revision and no replicas', { ...counting(T), stable: null, spec: { replicas: 0 } }, {}, 0, undefined],
    ['without pods', { pods: { S: 4, C: 0 } }, {}, 0, undefined],
    ['more pods than replicas: the surplus goes', { pods: { S: 4, C: 6 } }, {}, 4, T + 30_000],
    ['fewer pods than replicas: no scale-up', { pods: { S: 4, C: [2, 0] } }, {}, 2, T + 30_000],
  ])('%s', (_, given, { seconds = 30, free = true }, sets, at) => {
    expect(scaleDownAborted(contextOf(given), seconds, free)).toEqual({
      sets: new Map([['C', sets]]),
      scaleDownAt: new Map(at === undefined ? [] : [['C', delay(at, false)]]),
    });
  });
});

describe('the former stable revision', () => {
  it.each<[string, Given, [string, object][]]>([
    ['has its delay from now', {}, [['S', delay(T + 30_000)]]],
    ['has its delay from the next full second', { now: T + 999 }, [['S', delay(T + 31_000)]]],
    ['is the same as the updated one: no delay', { stable: 'C' }, []],
    ['does not exist', { stable: null }, []],
  ])('%s', (_, given, scaleDownAt) => {
    expect(scaleDownFormerStable(contextOf(given), 30)).toEqual(new Map(scaleDownAt));
  });
});
