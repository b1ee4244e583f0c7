import { Command, CommanderError } from 'commander';
import { addAnalyzeCommand } from './commands/analyze.ts';
import { addBenchCommand } from './commands/bench.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { addFaithfulnessCommand } from './commands/faithfulness.ts';
import { addInterpretCommand } from './commands/interpret.ts';
import { addModelsCommand } from './commands/models.ts';
import { addMotionsCommand } from './commands/motions.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTrainCommand } from './commands/train.ts';
import { EXIT, exitCodeOf, reportFailure } from './exit.ts';
import { Terminal } from './terminal/terminal.ts';

/** The scripts of `package.json` that take names of files and end here. */
const SCRIPTS = ['patchlight', 'bench', 'demo'];

/** npm runs scripts in the package's folder; names of files mean those of the folder where npm was called. */
function standWhereNpmWasCalled({ INIT_CWD: folder, npm_lifecycle_event: script = '' }: NodeJS.ProcessEnv): void {
  if (folder !== undefined && SCRIPTS.includes(script)) process.chdir(folder);
}

/** The command line: `patchlight <command>`. */
async function main(args: readonly string[]): Promise<number> {
  const interrupted = new AbortController();
  const interrupt = () => interrupted.abort(new DOMException('Interrupted', 'AbortError'));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);

  const terminal = new Terminal(process.stdout, process.stderr);
  const program = new Command('patchlight')
    .description('See what a video transformer recognises, which patches it looked at, and what that saved.')
    .showHelpAfterError('Run with --help to see what is possible.')
    .exitOverride();
  const context = { terminal, signal: interrupted.signal };
  addAnalyzeCommand(program, context);
  addEvaluateCommand(program, context);
  addFaithfulnessCommand(program, context);
  addInterpretCommand(program, context);
  addModelsCommand(program, context);
  addMotionsCommand(program, context);
  addTrainCommand(program, context);
  addServeCommand(program, context);
  addBenchCommand(program, context);

  try {
    await program.parseAsync(args, { from: 'user' });
    return process.exitCode === undefined ? EXIT.done : Number(process.exitCode);
  } catch (thrown) {
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.done : EXIT.usage;
    reportFailure(terminal, thrown, interrupted.signal);
    return exitCodeOf(thrown, interrupted.signal);
  }
}

standWhereNpmWasCalled(process.env);
process.exitCode = await main(process.argv.slice(2));
