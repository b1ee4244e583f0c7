import { PatchlightError, toErrorData, UsageError } from '#contract/errors.ts';
import type { Terminal } from './terminal/terminal.ts';

/** Exit codes of every command. */
export const EXIT = { done: 0, failed: 1, usage: 2, cancelled: 130 } as const;

/** The exit code that `thrown` stands for. */
export function exitCodeOf(thrown: unknown, signal: AbortSignal): number {
  if (signal.aborted) return EXIT.cancelled;
  return thrown instanceof UsageError ? EXIT.usage : EXIT.failed;
}

/** Says on stderr what went wrong and what to do; where it happened only for mistakes of the program, or on demand. */
export function reportFailure(terminal: Terminal, thrown: unknown, signal: AbortSignal): void {
  if (signal.aborted) {
    terminal.note('Cancelled.');
    return;
  }
  const { message, hint, detail } = toErrorData(thrown);
  terminal.failure(message, hint);
  const wanted = process.env.PATCHLIGHT_DEBUG !== undefined || !(thrown instanceof PatchlightError);
  if (detail !== undefined && wanted) terminal.note(detail);
}
