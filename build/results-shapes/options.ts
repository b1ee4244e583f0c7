import { Argument, Command, Option } from 'commander';
import { numberBetween, wholeNumber } from '#cli/commands/options.ts';
import type { DeviceRequest } from '#native-models/runtime/choose-device.ts';
import type { TableName } from './document.ts';
import type { Extent } from './measuring.ts';
import { TABLE_NAMES } from './tables.ts';

/** What a person asks of `npm run results:shapes`. */
export interface ResultsRequest {
  readonly bundle: string;
  readonly tables: readonly TableName[];
  readonly extent: Extent;
  /** Bundles of other models, by name or folder. */
  readonly peer: readonly string[];
  readonly cache: string;
  /** Where results go; `results` in the bundle when left out. */
  readonly out?: string;
  /** Measures also what is there. */
  readonly again: boolean;
  readonly device: DeviceRequest;
  readonly threads: number;
}

type Flags = Extent & Omit<ResultsRequest, 'bundle' | 'tables' | 'extent'>;

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): ResultsRequest {
  let request: ResultsRequest | undefined;
  new Command('results:shapes')
    .description(
      'Measures a trained bundle on the test split of Shapes: a JSON document and a picture a table. What is there is left alone.',
    )
    .argument('<bundle>', 'a model of Shapes with interpreters, by name or folder')
    .addArgument(
      new Argument(
        '[tables...]',
        `which (default: all, peers only where there are such): ${TABLE_NAMES.join(', ')}`,
      ).choices(TABLE_NAMES),
    )
    .option('--images <n>', 'test images', wholeNumber(1), 1200)
    .option('--steps <n>', 'steps of each short training (rewards, gumbel)', wholeNumber(1), 100)
    .option('--batch <n>', 'images of a step', wholeNumber(1), 16)
    .option('--learning-rate <r>', 'its peak', numberBetween(0, 1), 3e-3)
    .option('--peer <bundle>', 'another model of Shapes, for the table of peers; may be repeated', collected, [])
    .option('--cache <dir>', 'where the short trainings are kept', '.cache/results-shapes')
    .option('--out <dir>', 'where the results go (default: results in the bundle)')
    .option('--again', 'measure also what is there', false)
    .addOption(new Option('--device <name>').choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'))
    .option('--threads <n>', 'threads of the CPU; one image at a time is no faster with more', wholeNumber(1), 1)
    .exitOverride()
    .action((bundle: string, wanted: readonly TableName[], flags: Flags) => {
      const tables = TABLE_NAMES.filter((name) =>
        wanted.length === 0 ? name !== 'peers' || flags.peer.length > 0 : wanted.includes(name),
      );
      const { images, steps, batch, learningRate, ...rest } = flags;
      request = { bundle, tables, extent: { images, steps, batch, learningRate }, ...rest };
    })
    .parse(args, { from: 'user' });
  if (request === undefined) throw new Error('The options were not read.');
  return request;
}

const collected = (value: string, before: readonly string[]): readonly string[] => [...before, value];
