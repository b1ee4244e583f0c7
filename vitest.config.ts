import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Two inference workers at once would fight for the same cores.
    fileParallelism: false,
    pool: 'forks',
  },
});
