import { spawn } from 'node:child_process';
import { constants } from 'node:os';
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
export async function runCommand(program, args, { env = {}, stdout = 'inherit' } = {}) {
  const child = spawn(program, args, {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: ['ignore', stdout, stdout === 'ignore' ? 'ignore' : 'inherit'],
  });
  // A terminal sends Ctrl-C to the program as well; it is the one that knows how to stop.
  const wait = () => {};
  const pass = (signal) => child.kill(signal);
  process.on('SIGINT', wait).on('SIGTERM', pass).on('SIGHUP', pass);
  const code = await new Promise((done) => {
    child.on('exit', (status, signal) => done(status ?? 128 + constants.signals[signal]));
    child.on('error', (error) => {
      if (stdout !== 'ignore') console.error(`${program} did not start: ${error.message}`);
      done(1);
    });
  });
  process.off('SIGINT', wait).off('SIGTERM', pass).off('SIGHUP', pass);
  // Whoever broke off one step wants none of the next.
  if (code === 130) process.exit(130);
  return code;
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
