import { defineConfig } from 'vitest/config';

/** What measures time or memory, or builds into `dist`: nothing else runs beside it. */
const ALONE = [
  'tests/browser/analyse-speed*.test.ts',
  'tests/integration/build/{desktop,packages,start}.test.ts',
  'tests/integration/engine/analysis/{analyze,base-model,long-video}.test.ts',
  'tests/integration/engine/api/{analysis,queue-and-models}.test.ts',
  'tests/integration/engine/export/video/failures.test.ts',
  'tests/integration/engine/video/{decode,probe}.test.ts',
  'tests/integration/native-models/checkpoints/import-checkpoint.test.ts',
  'tests/integration/native-models/runtime/{cancelling,memory}.test.ts',
];

/** What else a computer does may make a page or a process late once; what is broken fails twice. */
const patience = { testTimeout: 60_000, hookTimeout: 120_000, retry: 1, pool: 'forks' } as const;

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...patience,
          name: 'beside others',
          include: ['tests/**/*.test.ts'],
          exclude: ALONE,
          globalSetup: 'tests/fixtures/browser/build-page.ts',
          // Much of a test is waiting; more workers than these would fight for memory and for the cores of inference.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...patience,
          name: 'alone',
          include: ALONE,
          globalSetup: 'tests/fixtures/browser/build-page.ts',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
