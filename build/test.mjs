/**
 * `npm test`: everything that must hold before a commit, the quickest first. Arguments go to Vitest:
 * `npm test -- tests/unit/lint.test.ts`.
 */

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orExplain, projectNode, root, runCommand, SetUpError } from './set-up/run-command.mjs';
import { setUp } from './set-up.mjs';

const tool = (...path) => join(root, 'node_modules', ...path);

const page = ['--tsconfig', 'renderer/tsconfig.json', '--fail-on-warnings', '--output', 'human'];

/** What must succeed before the tests run: name and arguments for Node. */
const checks = [
  ['lint (biome)', [tool('@biomejs', 'biome', 'bin', 'biome'), 'check', '--error-on-warnings', '.']],
  ['types (tsc)', [tool('typescript', 'bin', 'tsc'), '--noEmit']],
  ['types of the tests in a browser (tsc)', [tool('typescript', 'bin', 'tsc'), '--noEmit', '-p', 'tests/browser']],
  ['types of the page (svelte-check)', [tool('svelte-check', 'bin', 'svelte-check'), ...page]],
  ['unused code (knip)', [tool('knip', 'bin', 'knip.js')]],
];

await orExplain(async () => {
  await setUp({ forTests: true });
  for (const [name, args] of checks) {
    console.log(`\n— ${name}`);
    if ((await runCommand(projectNode, args)) !== 0) throw new SetUpError(`Failed: ${name}. The tests did not run.`);
  }
  console.log('\n— tests (vitest)');
  return runTests(process.argv.slice(2));
});

/** Runs Vitest and closes with the line `N passed, N failed, N skipped`; gives the exit code. */
async function runTests(args) {
  const folder = mkdtempSync(join(tmpdir(), 'patchlight-test-'));
  const report = join(folder, 'report.json');
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await runCommand(projectNode, [tool('vitest', 'vitest.mjs'), 'run', ...reporters, ...args]);
    const { passed, failed, skipped } = count(report);
    const bad = code !== 0 || failed > 0 || passed === 0;
    if (bad) console.error('\nFailed: tests (vitest).');
    console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
    return bad ? 1 : 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(report) {
  try {
    const { numPassedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
    // A file that does not even load has no tests to fail, so it counts as one itself.
    const failed = testResults.map(({ status, assertionResults }) => {
      const tests = assertionResults.filter((test) => test.status === 'failed').length;
      return status === 'failed' ? Math.max(1, tests) : tests;
    });
    return {
      passed: numPassedTests,
      failed: failed.reduce((sum, n) => sum + n, 0),
      skipped: numPendingTests + numTodoTests,
    };
  } catch {
    throw new SetUpError('Failed: tests (vitest). It ended without a report.');
  }
}
