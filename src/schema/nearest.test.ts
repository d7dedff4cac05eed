import { expect, test } from 'vitest';
import { nearest, suggest } from './nearest.js';

const known = ['setWeight', 'setCanaryScale', 'pause', 'analysis'];

test.each([
  ['setWieght', 'setWeight'],
  ['setweight', 'setWeight'],
  ['setWeigth', 'setWeight'],
  ['paus', 'pause'],
  ['pasue', 'pause'],
  ['analyses', 'analysis'],
  ['weight', 'setWeight'],
  ['scale', 'setCanaryScale'],
])('%s: %s was meant', (word, meant) => {
  expect(nearest(word, known)).toBe(meant);
});

test.each(['', 'x', 'experiment', 'a'.repeat(1000)])('nothing was meant by %s', word => {
  expect(nearest(word, known)).toBeUndefined();
});

test('without a near word the known ones are listed, as long as they are few', () => {
  expect(suggest('experiment', known)).toBe('use one of analysis, pause, setCanaryScale, setWeight');
  expect(
    suggest(
      'experiment',
      Array.from({ length: 20 }, (_, n) => `f${n}`),
    ),
  ).toBe('remove it or fix its name');
  expect(suggest('experiment', [])).toBe('remove it');
});
