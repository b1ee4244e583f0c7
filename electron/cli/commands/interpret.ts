import { resolve } from 'node:path';
import { type Command, Option } from 'commander';
import type { Interpretation } from '#contract/interpretation.ts';
import { namedMaskFolder } from '#engine/evaluation/faithfulness/mask-files.ts';
import { findImages } from '#engine/images/find-images.ts';
import type { ImageFraming } from '#engine/images/prepare-image.ts';
import { openImageEngine } from '#engine/interpretation/image-engine.ts';
import { interpretImages } from '#engine/interpretation/interpret-images.ts';
import { imageMaps, interpreterMaps, METHODS, parseImageMaps } from '#engine/interpretation/map-names.ts';
import { outsideMap } from '#engine/interpretation/outside-map.ts';
import { DEFAULT_IMAGE_MODEL } from '#engine/models/default-model.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import {
  IMAGE_SELECTORS,
  type ImageSelectorName,
  resolveImageSelector,
} from '#native-models/selection/image-selector.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../exit.ts';
import { copyJson, writeJson } from '../json-output.ts';
import { Progress } from '../terminal/progress.ts';
import { printComparison, printInterpretation } from './interpret-report.ts';
import { type DeviceOptions, deviceOptions, numberBetween, refuseUnusedRule, wholeNumber } from './options.ts';

interface InterpretOptions extends DeviceOptions {
  readonly imgPath: string;
  readonly output: string;
  readonly model: string;
  readonly selector?: ImageSelectorName;
  readonly threshold?: readonly number[];
  readonly keep?: readonly number[];
  readonly seed?: number;
  readonly framing: ImageFraming;
  readonly maps?: readonly string[];
  readonly mapModel: readonly string[];
  readonly masks?: string;
  readonly curves?: boolean;
  readonly topK: number;
  readonly limit?: number;
  readonly json?: string;
}

/** `patchlight interpret -p IMAGE -o DIR` */
export function addInterpretCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('interpret')
    .description('Show what an image model sees, which patches each group of blocks keeps, and which maps explain it.')
    .requiredOption('-p, --img-path <image|dir>', 'an image, or a folder of them with all folders in it')
    .option('-o, --output <dir>', 'where everything is written', 'output')
    .option('--model <name|dir>', 'image model, by name or folder', DEFAULT_IMAGE_MODEL)
    .addOption(
      new Option('--selector <name>', 'how patches are chosen (default: interpreter where the model has some)').choices(
        IMAGE_SELECTORS,
      ),
    )
    .addOption(
      new Option('--threshold <x[,x…]>', 'keep patches that score above it: one for all groups, or one for each')
        .argParser(numbers)
        .conflicts('keep'),
    )
    .addOption(
      new Option('--keep <ratio[,…]>', 'keep this share of all patches, best first, likewise').argParser(numbers),
    )
    .addOption(new Option('--seed <n>', 'for --selector random').argParser(wholeNumber(0)))
    .addOption(
      new Option('--framing <name>', 'whole: all of the image, squeezed into a square; model: as the model was trained')
        .choices(['whole', 'model'])
        .default('whole'),
    )
    .addOption(
      new Option(
        '--maps <a,b,…>',
        `interpreter-1, interpreter-2, …, ${METHODS.join(', ')}; all (default: the interpreters; all with --masks or --curves)`,
      ).argParser((text) => text.split(',').map((part) => part.trim())),
    )
    .addOption(
      new Option('--map-model <file>', 'an ONNX model of yours that gives a map of one channel; may be repeated')
        .argParser((file: string, before: readonly string[]) => [...before, file])
        .default([], ''),
    )
    .option('--masks <dir>', 'hold the maps against masks, below it the names of the images with .png')
    .option('--curves', 'measure what the model answers without the patches of each map: 44 runs a map')
    .addOption(new Option('--top-k <n>', 'classes to name').argParser(wholeNumber(1)).default(5))
    .addOption(new Option('--limit <n>', 'only so many images of a folder').argParser(wholeNumber(1)))
    .option('--json <file|->', 'write everything as one JSON document; - is standard output');
  for (const option of deviceOptions()) command.addOption(option);
  command.action((options: InterpretOptions) => run(options, context));
}

async function run(options: InterpretOptions, { terminal, signal }: CommandContext): Promise<void> {
  refuseUnusedRule(options);
  const bundle = await resolveBundle(options.model);
  const found = await findImages(options.imgPath);
  const masks = options.masks === undefined ? null : await namedMaskFolder(options.masks);
  const images = found.images.slice(0, options.limit);
  const isContest = options.masks !== undefined || options.curves === true;
  const { threshold, keep, seed, selector: name } = options;
  const selector = resolveImageSelector(bundle.manifest, { name, thresholds: threshold, keep, seed });
  const usual = isContest ? imageMaps(bundle.manifest) : interpreterMaps(bundle.manifest);
  const wanted = options.maps?.join() === 'all' ? imageMaps(bundle.manifest) : null;
  const maps = wanted ?? (options.maps === undefined ? usual : parseImageMaps(options.maps, bundle.manifest));
  await using engine = await openImageEngine(bundle, options);
  const outside = await Promise.all(options.mapModel.map((file) => outsideMap(file, engine.runtime)));
  const request = {
    ...{ selector, maps, outside, framing: options.framing, topCount: options.topK },
    ...{ folder: resolve(options.output), curves: options.curves ?? false },
    masks,
  };

  const isQuiet = options.json === '-';
  let only: Interpretation | null = null;
  using progress = new Progress(terminal, 'interpreting');
  for await (const event of interpretImages(engine, { ...found, images }, request, signal)) {
    switch (event.type) {
      case 'image':
        progress.clear();
        if (!isQuiet) printInterpretation(terminal, event.interpretation);
        if (!found.isFolder) only = event.interpretation;
        break;
      case 'failure':
        progress.clear();
        terminal.failure(event.failure.error.message, event.failure.error.hint);
        process.exitCode = EXIT.failed;
        break;
      case 'progress':
        if (event.total > 1) progress.update(event.done, event.total, `${event.done} of ${event.total} images`);
        break;
      case 'done': {
        progress.clear();
        const { comparison, failures, document } = event;
        if (!isQuiet && comparison !== null) printComparison(terminal, comparison);
        if (masks !== null && event.images > 0 && !comparison?.maps.some(({ masks }) => masks !== null)) {
          terminal.warning(`No image has a mask in ${masks}: masks are called as their images, with the ending .png.`);
        }
        if (!isQuiet && event.images > 0) terminal.print(`Written to ${request.folder}`);
        if (options.json === undefined) break;
        if (document !== null) await copyJson(terminal, options.json, document);
        else if (only !== null && !isContest) await writeJson(terminal, options.json, only);
        else await writeJson(terminal, options.json, { images: only === null ? [] : [only], failures, comparison });
      }
    }
  }
}

function numbers(text: string): readonly number[] {
  return text.split(',').map(numberBetween(0, 1));
}
