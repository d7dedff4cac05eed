import { expect, it } from 'vitest';
import { type Mutant, type Report, score } from './score.js';

const source = 'export function share(a: number, b: number) {\n  return a <\n    b;\n}\n';
const at = { start: { line: 2, column: 10 }, end: { line: 3, column: 6 } };

const mutant = (status: string, replacement = 'a <= b'): Mutant => ({
  mutatorName: 'EqualityOperator',
  replacement,
  status,
  location: at,
});

const report = (...mutants: Mutant[]): Report => ({ files: { 'src/share.ts': { source, mutants } } });

it('counts what a test noticed, in per cent rounded down', () => {
  const { killed, percent } = score(report(mutant('Killed'), mutant('Timeout'), mutant('Survived')), []);
  expect({ killed, percent }).toEqual({ killed: 2, percent: 66.6 });
});

it('a mutant that no test covers survives; one that runs on import is not counted', () => {
  const { percent, survivors } = score(report(mutant('Killed'), mutant('NoCoverage'), mutant('Ignored')), []);
  expect(percent).toBe(50);
  expect(survivors).toHaveLength(1);
});

it('names a survivor by its code, across lines', () => {
  expect(score(report(mutant('Survived')), []).survivors).toEqual([
    { file: 'src/share.ts', line: 2, mutator: 'EqualityOperator', code: 'a < b', replacement: 'a <= b' },
  ]);
});

it('an equivalent mutant is no survivor, wherever in its file it is', () => {
  const equivalent = { file: 'src/share.ts', code: 'a < b', replacement: 'a <= b', why: 'never equal' };
  const scored = score(report(mutant('Survived'), mutant('Survived', 'false')), [equivalent]);
  expect(scored).toMatchObject({ killed: 0, equivalent: 1, percent: 0 });
  expect(scored.survivors.map(({ replacement }) => replacement)).toEqual(['false']);
});
