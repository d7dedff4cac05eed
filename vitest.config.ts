import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // All cores: by default one is left idle, which on two is half of them.
    maxWorkers: '100%',
    // No test replaces a module, a global or the environment, so files share what is imported: most of the time went there.
    isolate: false,
    // For machines under load: a test that hangs still ends.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    include: ['src/**/*.test.ts', 'tools/**/*.test.ts', 'hooks/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'dist/**', 'test/e2e/**', 'test/attacks/**'],
  },
});
