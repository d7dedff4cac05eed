import { expect, it } from 'vitest';
import { ManualClock } from '../../test/analysis/manualClock.js';
import { Memory } from './memory.js';
import type { Answered, Question } from './question.js';

const asked = (answer?: Answered, owner = 'shop'): Question => ({
  owner,
  askedAt: 0,
  target: Promise.resolve(undefined),
  answered: Promise.resolve(undefined),
  ...(answer && { answer }),
});
const made = (bytes = 1): Answered => ({ at: 0, made: true, stored: Buffer.alloc(bytes) });
const question = asked(made());

function memory(limits: Partial<ConstructorParameters<typeof Memory>[0]> = {}, clock = new ManualClock()) {
  return new Memory(
    { rememberMs: 100, maxRemembered: 10, maxRememberedBytes: 1e6, maxRememberedBytesEach: 1e6, ...limits },
    clock,
  );
}

function found(subject: Memory, ...names: string[]): string[] {
  return names.filter(name => subject.find(name) !== undefined);
}

it('counts what is under way and what is answered', () => {
  const subject = memory();
  subject.asked('a', question);
  subject.asked('b', question);
  subject.answered('a');
  expect([subject.underWay, subject.remembered]).toEqual([1, 1]);
});

it('forgets answers after a while, and never what is under way', () => {
  const clock = new ManualClock();
  const subject = memory({}, clock);
  subject.asked('under way', question);
  for (const name of ['old', 'new']) {
    subject.asked(name, question);
    subject.answered(name);
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
  ['bytes', { maxRememberedBytes: 5000 }],
  ['bytes of one owner', { maxRememberedBytesEach: 5000 }],
])('keeps no more than so many %s: the first answered goes first', (_, limits) => {
  const subject = memory(limits);
  for (const name of ['a', 'b', 'c']) subject.asked(name, asked(made(1000)));
  for (const name of ['c', 'a', 'b']) subject.answered(name);
  expect(found(subject, 'a', 'b', 'c')).toEqual(['a', 'b']);
});

it('an owner with many large answers forgets its own', () => {
  const subject = memory({ maxRememberedBytesEach: 5000 });
  const remember = (name: string, owner: string) => {
    subject.asked(name, asked(made(1000), owner));
    subject.answered(name);
  };
  remember('mine', 'me');
  for (const name of ['1', '2', '3', '4']) remember(name, 'hostile');
  expect(found(subject, 'mine', '1', '2', '3', '4')).toEqual(['mine', '3', '4']);
});

it('remembers nothing that was not measured', () => {
  const subject = memory();
  subject.asked('postponed', asked({ ...made(), made: false }));
  subject.asked('closed', asked());
  for (const name of ['postponed', 'closed']) subject.answered(name);
  expect([subject.underWay, subject.remembered]).toEqual([0, 0]);
});

it('whatever is answered and forgotten, an owner has room again', () => {
  const clock = new ManualClock();
  const subject = memory({ maxRememberedBytesEach: 5000, maxRemembered: 3 }, clock);
  for (let index = 0; index < 50; index++) {
    const name = String(index);
    subject.asked(name, asked(made(1000), `owner ${index % 3}`));
    subject.answered(name);
    expect(found(subject, name)).toEqual([name]);
    if (index % 7 === 0) clock.pass(101);
  }
});

it('one that is answered again after it was forgotten counts once', () => {
  const clock = new ManualClock();
  const subject = memory({ maxRememberedBytesEach: 7000 }, clock);
  const remember = (name: string) => {
    subject.asked(name, asked(made(1000)));
    subject.answered(name);
  };
  remember('first');
  clock.pass(50);
  remember('again');
  clock.pass(51);
  // Frees 'first'. The next time is after 'again' is too old to be found.
  remember('other');
  clock.pass(60);
  expect(found(subject, 'again', 'other')).toEqual(['other']);
  remember('again');
  for (const name of ['a', 'b', 'c']) remember(name);
  expect(found(subject, 'again', 'other', 'a', 'b', 'c')).toEqual(['a', 'b', 'c']);
});
