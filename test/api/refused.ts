import { describe, expect, test } from 'vitest';
import { readSpec } from '../../src/api/readSpec.js';
import type { Problem, Result } from '../../src/schema/problem.js';
import { context } from './specs.js';

/** What is written, where the problem is, a word of the problem, a word of the remedy. */
export type Row = readonly [title: string, raw: unknown, path: string, problem: string, remedy: string];

export function problemsOf(result: Result<unknown>): readonly Problem[] {
  return result.ok ? [] : result.problems;
}

/** A table of specs that `readSpec` refuses. */
export function testRefused(concept: string, rows: readonly Row[]): void {
  describe(`${concept}: refused`, () => {
    test.each(rows)('%s', (_title, raw, path, problem, remedy) => {
      const problems = problemsOf(readSpec(raw, context));
      const here = problems.filter(found => found.path === path);
      expect(problems.map(found => found.path)).toContain(path);
      expect(here.map(found => found.problem).join('; ')).toContain(problem);
      expect(here.map(found => found.remedy).join('; ')).toContain(remedy);
    });
  });
}
