import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Node 24 as package-lock.json has it: what everything but these starters runs with. */
export const projectNode = join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

/** An expected failure: its message is for people, and is all that they see. */
export class SetUpError extends Error {}

/**
 * Runs a program in the repository's folder and gives its exit code. It is asked nothing. `stdout`: 'inherit', or
 * 'ignore', or 2 for what should not end up in a document on standard output.
 */
export function runCommand(program, args, { env = {}, cwd = root, stdout = 'inherit' } = {}) {
  const { status, signal, error } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, stdout === 'ignore' ? 'ignore' : 'inherit'],
  });
  if (signal === 'SIGINT') process.exit(130);
  if (error && stdout !== 'ignore') console.error(`${program} did not start: ${error.message}`);
  return error || status === null ? 1 : status;
}

/** Runs `main`, and turns a {@link SetUpError} into a message and exit code 1. */
export async function orExplain(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    if (!(error instanceof SetUpError)) throw error;
    console.error(`\n${error.message}`);
    process.exitCode = 1;
  }
}
