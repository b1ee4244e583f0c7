import type { Terminal } from './terminal/terminal.ts';

/** What every command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
}
