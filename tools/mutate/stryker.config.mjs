/** StrykerJS for one room and one selection of tests; tools/mutate/main.ts passes both in the environment. */
const { mutate, report } = JSON.parse(process.env.MUTATE);

export default {
  testRunner: 'vitest',
  vitest: { configFile: 'tools/mutate/vitest.config.ts', related: false },
  plugins: ['@stryker-mutator/vitest-runner'],
  mutate,
  // Sentences are compared where docs/ prints them; a name that is spelled differently fails types or samples.
  mutator: { excludedMutations: ['StringLiteral'] },
  coverageAnalysis: 'perTest',
  // What runs once, on import, would need a process of its own per mutant.
  ignoreStatic: true,
  incremental: true,
  incrementalFile: report,
  reporters: ['dots'],
  concurrency: Number(process.env.MUTATE_CONCURRENCY ?? 2),
  timeoutMS: 8000,
  tempDirName: 'reports/mutate/sandbox',
  ignorePatterns: ['dist', 'reports', '.git', '.ci'],
  // TypeScript 7 has no JavaScript API with which StrykerJS could rewrite tsconfig.json, and its sandbox needs none.
  tsconfigFile: 'none',
  allowEmpty: true,
  cleanTempDir: 'always',
};
