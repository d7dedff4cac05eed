import { expect, it } from 'vitest';
import { Breaker, type BreakerState } from './breaker.js';

function breaker(failures = 3) {
  const states: BreakerState[] = [];
  return { states, subject: new Breaker({ failures, openMs: 100 }, state => states.push(state)) };
}

it('opens after so many failures in a row, not before', () => {
  const { states, subject } = breaker();
  for (const fails of [true, true, false, true, true]) {
    expect(subject.admit(0)).toBe(true);
    if (fails) subject.failed(0);
    else subject.succeeded();
  }
  expect(states).toEqual([]);
  subject.failed(10);
  expect(states).toEqual(['open']);
  expect(subject.admit(109)).toBe(false);
});

it('lets one try after the pause and closes when that goes well', () => {
  const { states, subject } = breaker(1);
  subject.failed(0);
  expect(subject.wouldAdmit(100)).toBe(true);
  expect(subject.admit(100)).toBe(true);
  expect(subject.admit(100)).toBe(false);
  expect(subject.wouldAdmit(5000)).toBe(false);
  subject.succeeded();
  expect(subject.admit(101)).toBe(true);
  expect(states).toEqual(['open', 'half-open', 'closed']);
});

it('waits again when that fails', () => {
  const { states, subject } = breaker(1);
  subject.failed(0);
  subject.admit(100);
  subject.failed(130);
  expect(subject.admit(229)).toBe(false);
  expect(subject.admit(230)).toBe(true);
  expect(states).toEqual(['open', 'half-open', 'open', 'half-open']);
});

it('gives the try to the next one when it was called off', () => {
  const { subject } = breaker(1);
  subject.failed(0);
  subject.admit(100);
  subject.inconclusive(120);
  expect(subject.admit(120)).toBe(true);
});

it('stays open when requests that were under way fail as well', () => {
  const { states, subject } = breaker(1);
  subject.failed(0);
  subject.failed(50);
  expect(states).toEqual(['open']);
  expect(subject.admit(149)).toBe(false);
  expect(subject.admit(150)).toBe(true);
});
