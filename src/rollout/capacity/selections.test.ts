import { describe, expect, it } from 'vitest';
import { contextOf, type Given } from '../../../test/rollouts/context.js';
import { canCarry, changesSelection, moveSelection } from './selections.js';

describe('canCarry', () => {
  it.each<[string, Given['pods'], string, boolean]>([
    ['all pods available', { S: 4, C: 4 }, 'C', true],
    ['one pod lacking', { S: 4, C: [4, 3] }, 'C', false],
    ['more pods than replicas', { S: 4, C: 5 }, 'C', true],
    ['stable', { S: 4, C: 0 }, 'S', true],
    ['stable lacking a pod', { S: [4, 3], C: 4 }, 'S', false],
    ['a third revision', { B: 4, S: 0, C: 0 }, 'B', true],
    ['an unknown revision', { S: 4, C: 4 }, 'X', false],
    ['all revisions, stable and updated only', { S: 1, C: 0 }, '*', true],
    ['all revisions, a third one without pods', { B: 0, S: 1, C: 0 }, '*', true],
    ['all revisions, a third one with a pod', { A: 0, B: 1, S: 4, C: 0 }, '*', false],
  ])('%s', (_, pods = {}, selection, carries) => {
    expect(canCarry(contextOf({ pods }), selection)).toBe(carries);
  });

  it('a revision without pods carries the traffic of no replicas, an unknown one never does', () => {
    const context = contextOf({ spec: { replicas: 0 }, pods: { S: 0, C: 0 } });
    expect(canCarry(context, 'C')).toBe(true);
    expect(canCarry(context, 'X')).toBe(false);
  });
});

describe('moveSelection to C', () => {
  it.each<[string, Given, string]>([
    ['C has its pods', { services: { web: 'S' } }, 'C'],
    ['C lacks a pod: the observed selection stays', { services: { web: 'S' }, pods: { S: 4, C: [4, 3] } }, 'S'],
    ['C is selected already', { services: { web: 'C' }, pods: { S: 4, C: 0 } }, 'C'],
    ['a missing Service is created', { pods: { S: 4, C: 0 } }, 'C'],
  ])('%s', (_, given, selection) => {
    expect(moveSelection(contextOf(given), new Map([['web', 'C']]))).toEqual(new Map([['web', selection]]));
  });
});

describe('changesSelection', () => {
  it.each<[string, Given['services'], boolean]>([
    ['all as observed', { active: 'S', preview: 'C' }, false],
    ['one has another selection', { active: 'S', preview: 'S' }, true],
    ['one is missing', { active: 'S' }, true],
    ['a Service that is not asked about', { active: 'S', preview: 'C', web: '*' }, false],
  ])('%s', (_, services = {}, changes) => {
    const wanted = new Map([
      ['active', 'S'],
      ['preview', 'C'],
    ]);
    expect(changesSelection(contextOf({ services }), wanted)).toBe(changes);
  });
});
