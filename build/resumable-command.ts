import { CommanderError } from 'commander';
import { EXIT, exitCodeOf, reportFailure } from '#cli/exit.ts';
import { Terminal } from '#cli/terminal/terminal.ts';

/**
 * Runs a command that takes long and can be gone on with: Ctrl-C or SIGTERM aborts its signal, and what it throws becomes a
 * message and the process's exit code.
 */
export async function runResumable(
  command: (args: readonly string[], terminal: Terminal, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new DOMException('Interrupted', 'AbortError'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  const terminal = new Terminal(process.stdout, process.stderr);
  try {
    await command(process.argv.slice(2), terminal, interrupted.signal);
  } catch (thrown) {
    if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    else {
      reportFailure(terminal, thrown, interrupted.signal);
      if (interrupted.signal.aborted) terminal.note('The same command goes on from here.');
      process.exitCode = exitCodeOf(thrown, interrupted.signal);
    }
  }
}
