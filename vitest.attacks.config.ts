import { defineConfig } from 'vitest/config';

/** Real time, real processes: one file after another, with patience. */
export default defineConfig({
  test: {
    include: ['test/attacks/**/*.test.ts'],
    fileParallelism: false,
    testTimeout: 600_000,
    hookTimeout: 180_000,
  },
});
