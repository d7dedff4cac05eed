import { defineConfig } from 'vitest/config';

const { tests } = JSON.parse(process.env['MUTATE'] ?? '{}') as { readonly tests?: readonly string[] };

export default defineConfig({
  test: { isolate: false, testTimeout: 30_000, include: [...(tests ?? [])] },
});
