import { type Command, Option } from 'commander';
import { writeMotions } from '#engine/motions/write-motions.ts';
import type { CommandContext } from '../context.ts';
import { formatCount } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { wholeNumber } from './options.ts';

interface MotionsCommandOptions {
  readonly train: number;
  readonly val: number;
  readonly test: number;
  readonly size: number;
  readonly masks: boolean;
}

/** `patchlight motions` */
export function addMotionsCommand(program: Command, context: CommandContext): void {
  const clips = (split: string, count: number) =>
    new Option(`--${split} <n>`, `clips of the ${split} split`).argParser(wholeNumber(0)).default(count);
  program
    .command('motions')
    .description(
      'Write the synthetic action data set: videos, foreground masks, Kinetics lists. Goes on where it ended.',
    )
    .argument('<dir>', 'a new folder, or one that was begun before')
    .addOption(clips('train', 1800))
    .addOption(clips('val', 360))
    .addOption(clips('test', 1260))
    .addOption(new Option('--size <pixels>', 'side of a frame, even').argParser(wholeNumber(16)).default(128))
    .option('--no-masks', 'leave out the masks')
    .action((directory: string, options: MotionsCommandOptions) => run(directory, options, context));
}

async function run(
  directory: string,
  { train, val, test, size, masks }: MotionsCommandOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  using progress = new Progress(terminal, 'drawing');
  const written = await writeMotions(
    directory,
    { clips: { train, val, test }, size, masks },
    { signal, onProgress: (done, total) => progress.update(done, total, `${done} of ${total} clips`) },
  );
  progress.clear();
  const kept = written.total - written.drawn;
  terminal.print(
    `${formatCount(written.total, 'clip')} in ${written.directory}${kept > 0 ? ` (${kept} were there)` : ''}`,
  );
  for (const list of written.lists) terminal.print(`  ${list}`);
}
