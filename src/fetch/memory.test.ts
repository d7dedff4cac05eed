import { expect, it } from 'vitest';
import { Memory } from './memory.js';
import type { Question } from './question.js';

const question: Question = { askedAt: 0, target: Promise.resolve(undefined), answered: Promise.resolve(undefined) };

function memory(limits: Partial<ConstructorParameters<typeof Memory>[0]> = {}) {
  return new Memory({ rememberMs: 100, maxRemembered: 10, maxRememberedLength: 1000, ...limits });
}

function found(subject: Memory, ...names: string[]): string[] {
  return names.filter(name => subject.find(name) !== undefined);
}

it('counts what is under way and what is answered', () => {
  const subject = memory();
  subject.asked('a', question);
  subject.asked('b', question);
  subject.answered('a', 1, 0);
  expect([subject.underWay, subject.remembered]).toEqual([1, 1]);
});

it('forgets answers after a while, and never what is under way', () => {
  const subject = memory();
  subject.asked('under way', question);
  for (const [name, at] of [
    ['old', 0],
    ['new', 50],
  ] as const) {
    subject.asked(name, question);
    subject.answered(name, 1, at);
  }
  subject.forget(99);
  expect(found(subject, 'under way', 'old', 'new')).toEqual(['under way', 'old', 'new']);
  subject.forget(100);
  expect(found(subject, 'under way', 'old', 'new')).toEqual(['under way', 'new']);
  subject.forget(1_000_000);
  expect([subject.underWay, subject.remembered]).toEqual([1, 0]);
});

it.each([
  ['answers', { maxRemembered: 2 }],
  ['characters', { maxRememberedLength: 25 }],
])('keeps no more than so many %s: the first answered goes first', (_, limits) => {
  const subject = memory(limits);
  for (const name of ['a', 'b', 'c']) subject.asked(name, question);
  for (const name of ['c', 'a', 'b']) subject.answered(name, 10, 0);
  expect(found(subject, 'a', 'b', 'c')).toEqual(['a', 'b']);
});
