import { availableParallelism } from 'node:os';
import { Argument, Command, Option } from 'commander';
import { wholeNumber } from '#cli/commands/options.ts';
import type { DeviceRequest } from '#native-models/runtime/choose-device.ts';
import type { TableName } from './document.ts';
import { TABLE_NAMES } from './tables.ts';

/** What a person asks of `npm run results:shapes`. */
export interface ResultsRequest {
  readonly bundle: string;
  readonly tables: readonly TableName[];
  /** Test images. */
  readonly images: number;
  /** Where results go; `results` in the bundle when left out. */
  readonly out?: string;
  /** Measures also what is there. */
  readonly again: boolean;
  readonly device: DeviceRequest;
  readonly threads: number;
}

type Flags = Omit<ResultsRequest, 'bundle' | 'tables'>;

/** @throws CommanderError for anything that is not understood, and for `--help`. */
export function parseOptions(args: readonly string[]): ResultsRequest {
  let request: ResultsRequest | undefined;
  new Command('results:shapes')
    .description(
      'Measures a trained bundle on the test split of Shapes: a JSON document and a picture a table. What is there is left alone.',
    )
    .argument('<bundle>', 'a model of Shapes with interpreters, by name or folder')
    .addArgument(new Argument('[tables...]', `which (default: all): ${TABLE_NAMES.join(', ')}`).choices(TABLE_NAMES))
    .option('--images <n>', 'test images', wholeNumber(1), 1200)
    .option('--out <dir>', 'where the results go (default: results in the bundle)')
    .option('--again', 'measure also what is there', false)
    .addOption(new Option('--device <name>').choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml']).default('cpu'))
    .option('--threads <n>', 'threads of the CPU', wholeNumber(1), availableParallelism())
    .exitOverride()
    .action((bundle: string, wanted: readonly TableName[], flags: Flags) => {
      const tables = wanted.length === 0 ? TABLE_NAMES : TABLE_NAMES.filter((name) => wanted.includes(name));
      request = { bundle, tables, ...flags };
    })
    .parse(args, { from: 'user' });
  if (request === undefined) throw new Error('The options were not read.');
  return request;
}
