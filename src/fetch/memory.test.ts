import { expect, it } from 'vitest';
import { ManualClock } from '../../test/analysis/manualClock.js';
import { Memory } from './memory.js';
import type { Question } from './question.js';

const question: Question = { askedAt: 0, target: Promise.resolve(undefined), answered: Promise.resolve(undefined) };

function memory(limits: Partial<ConstructorParameters<typeof Memory>[0]> = {}, clock = new ManualClock()) {
  return new Memory({ rememberMs: 100, maxRemembered: 10, maxRememberedLength: 1000, ...limits }, clock);
}

function found(subject: Memory, ...names: string[]): string[] {
  return names.filter(name => subject.find(name) !== undefined);
}

it('counts what is under way and what is answered', () => {
  const subject = memory();
  subject.asked('a', question);
  subject.asked('b', question);
  subject.answered('a', 1);
  expect([subject.underWay, subject.remembered]).toEqual([1, 1]);
});

it('forgets answers after a while, and never what is under way', () => {
  const clock = new ManualClock();
  const subject = memory({}, clock);
  subject.asked('under way', question);
  for (const name of ['old', 'new']) {
    subject.asked(name, question);
    subject.answered(name, 1);
    clock.pass(50);
  }
  expect(found(subject, 'under way', 'old', 'new')).toEqual(['under way', 'old', 'new']);
  clock.pass(1);
  expect(found(subject, 'under way', 'old', 'new')).toEqual(['under way', 'new']);
  clock.pass(1_000_000);
  subject.asked('another', question);
  expect([subject.underWay, subject.remembered]).toEqual([2, 0]);
});

it.each([
  ['answers', { maxRemembered: 2 }],
  ['characters', { maxRememberedLength: 25 }],
])('keeps no more than so many %s: the first answered goes first', (_, limits) => {
  const subject = memory(limits);
  for (const name of ['a', 'b', 'c']) subject.asked(name, question);
  for (const name of ['c', 'a', 'b']) subject.answered(name, 10);
  expect(found(subject, 'a', 'b', 'c')).toEqual(['a', 'b']);
});
