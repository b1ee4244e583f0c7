import { availableParallelism } from 'node:os';
import { Argument, Command, Option } from 'commander';
import { numberBetween, wholeNumber } from '#cli/commands/options.ts';
import type { DeviceRequest } from '#native-models/runtime/choose-device.ts';
import type { TableName } from './document.ts';
import type { Extent } from './measuring.ts';
import { TABLE_NAMES } from './tables.ts';

/** What a person asks of `npm run results:motions`. */
export interface ResultsRequest {
  readonly bundle: string;
  readonly tables: readonly TableName[];
  readonly extent: Extent;
  /** A model that was trained on single frames, by name or folder. */
  readonly singleFrame: string | undefined;
  /** Where results go; `results` in the bundle when left out. */
  readonly out: string | undefined;
  readonly cache: string;
  /** Measures also what is there. */
  readonly again: boolean;
  readonly device: DeviceRequest;
  readonly threads: number;
}

interface Flags extends Extent, Omit<ResultsRequest, 'bundle' | 'tables' | 'extent' | 'out' | 'singleFrame'> {
  readonly out?: string;
  readonly singleFrame?: string;
}

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): ResultsRequest {
  let request: ResultsRequest | undefined;
  command()
    .action((bundle: string, wanted: readonly TableName[], flags: Flags) => {
      const { clips, curveClips, steps, batch, learningRate, out, singleFrame, ...rest } = flags;
      const tables = wanted.length === 0 ? TABLE_NAMES : TABLE_NAMES.filter((name) => wanted.includes(name));
      const extent = { clips, curveClips, steps, batch, learningRate };
      request = { bundle, tables, extent, out, singleFrame, ...rest };
    })
    .parse(args, { from: 'user' });
  if (request === undefined) throw new Error('The options were not read.');
  return request;
}

function command(): Command {
  const whole = wholeNumber(1);
  return new Command('results:motions')
    .description(
      'Measures a trained bundle on the test split of Motions: a JSON document and a picture a table. What is there is left alone.',
    )
    .argument('<bundle>', 'a model of Motions with an interpreter, by name or folder')
    .addArgument(new Argument('[tables...]', `which (default: all): ${TABLE_NAMES.join(', ')}`).choices(TABLE_NAMES))
    .option('--clips <n>', 'test clips', whole, 1260)
    .option('--curve-clips <n>', 'of which so many get deletion and insertion curves, 44 views a map', whole, 180)
    .option('--steps <n>', 'steps of each short training (rewards, gumbel, interpreters)', whole, 400)
    .option('--batch <n>', 'clips of a step', whole, 16)
    .option('--learning-rate <r>', 'its peak', numberBetween(0, 1), 3e-3)
    .option('--single-frame <bundle>', 'a model trained on single frames, for the table of that name')
    .option('--out <dir>', 'where the results go (default: results in the bundle)')
    .option('--cache <dir>', 'where the short trainings are kept', '.cache/results-motions')
    .option('--again', 'measure also what is there', false)
    .addOption(new Option('--device <name>').choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'))
    .option('--threads <n>', 'threads of the CPU', whole, availableParallelism())
    .exitOverride();
}
