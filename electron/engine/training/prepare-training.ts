import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { BundleExistsError } from '#contract/errors.ts';
import type { TrainingDataReport } from '#contract/training.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { videoConfig } from '#native-models/bundle/model-kind.ts';
import { badEntriesError } from '../evaluation/data-set/bad-entries.ts';
import { checkVideos } from './check-videos.ts';
import { type ClipRange, clipRanges } from './clip-range.ts';
import { DecodedClips } from './decoded-clips.ts';
import { holdOut } from './held-out.ts';
import { KeptFindings } from './kept-findings.ts';
import { trainingShortSide } from './random-view.ts';
import { resolveRecipe, type TrainingRequest } from './resolve-recipe.ts';
import { BAD_DATA_ADVICE, type BadData, openTrainingData } from './training-data.ts';
import { TrainingLock } from './training-lock.ts';
import type { TrainingRecipe } from './training-recipe.ts';
import type { CheckedVideo } from './training-video.ts';

export interface PrepareOptions {
  /** The data: a list, or a folder. */
  readonly data: string;
  /** Where relative paths of a list begin. */
  readonly root?: string | undefined;
  readonly badData: BadData;
  /** The model that selection is fitted to. */
  readonly bundle: Bundle;
  readonly request: TrainingRequest;
  /** Where the training is kept. */
  readonly directory: string;
  /** Where the new bundle goes; its last part is the name. */
  readonly target: string;
  /** Most bytes of decoded frames that are kept in memory. */
  readonly cacheBytes: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

/** A training of which everything is known but the outcome. Whoever has it disposes of it. */
export interface PreparedTraining extends AsyncDisposable {
  readonly bundle: Bundle;
  readonly config: TimesformerConfig;
  readonly recipe: TrainingRecipe;
  readonly data: TrainingDataReport;
  /** A sentence for everything that was left out. */
  readonly leftOut: readonly string[];
  readonly badData: BadData;
  readonly ranges: readonly ClipRange[];
  readonly training: readonly CheckedVideo[];
  readonly heldOut: readonly CheckedVideo[];
  readonly decoded: DecodedClips;
  /** Videos that are decoded at the same time. */
  readonly decoders: number;
  readonly directory: string;
  readonly target: string;
  /** Aborted when the training is over, however it ended. */
  readonly signal: AbortSignal;
}

/** Of TimeSformer 8×32, for bundles that do not say. */
const PUBLISHED_SAMPLING_RATE = 32;
const FINDINGS_FILE = 'videos.jsonl';

/**
 * Sees to everything that could go wrong later: that the model is one for videos and its successor has a place, that no
 * other training works in the folder, that the data fits the model and every video can be decoded.
 *
 * @throws ModelKindError, BundleExistsError, TrainingUnderWayError, FileNotFoundError
 * @throws DataSetInvalidError when something in the data cannot be used, and that is not to be passed over.
 * @throws UsageError when what is asked for makes no sense.
 */
export async function prepareTraining(options: PrepareOptions): Promise<PreparedTraining> {
  const { bundle, request, badData, target } = options;
  const config = videoConfig(bundle.manifest);
  await refuseExisting(target);
  await using stack = new AsyncDisposableStack();
  const directory = resolve(options.directory);
  stack.use(await TrainingLock.take(directory));
  const over = new AbortController();
  stack.defer(() => over.abort(new DOMException('The training is over.', 'AbortError')));
  const signal = options.signal === undefined ? over.signal : AbortSignal.any([options.signal, over.signal]);

  const { labels, manifest } = bundle;
  const { pseudoLabels, heldOut: heldOutShare, seed } = request;
  const found = await openTrainingData(options.data, { labels, pseudoLabels, root: options.root, badData, signal });
  const timing = {
    numFrames: config.numFrames,
    samplingRate: manifest.sampling?.samplingRate ?? PUBLISHED_SAMPLING_RATE,
  };
  const decoded = new DecodedClips({ timing, mostBytes: options.cacheBytes, signal });
  const decoders = availableParallelism();
  const { usable, bad } = await lookThrough();
  if (bad.length > 0 && badData === 'stop') throw badEntriesError(found.path, bad, usable.length, BAD_DATA_ADVICE);
  const divided = holdOut(usable, heldOutShare, seed);
  const ranges = clipRanges(divided.training, timing);
  const leftOut = [...found.bad, ...bad];
  const recipe = resolveRecipe(request, manifest, ranges.length);
  const kept = stack.move();
  return {
    bundle,
    config,
    recipe,
    data: {
      path: found.path,
      trainingVideos: divided.training.length,
      heldOutVideos: divided.heldOut.length,
      clips: ranges.length,
      skipped: leftOut.length,
    },
    leftOut,
    badData,
    ranges,
    ...divided,
    decoded,
    decoders,
    directory,
    target,
    signal,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };

  async function lookThrough() {
    await using findings = await KeptFindings.open(join(directory, FINDINGS_FILE));
    const { onProgress } = options;
    const shortSide = trainingShortSide(config.imageSize);
    return await checkVideos(found.videos, { decoded, shortSide, findings, decoders, signal, onProgress });
  }
}

async function refuseExisting(target: string): Promise<void> {
  const existing = await stat(target).catch(() => undefined);
  if (existing === undefined) return;
  throw new BundleExistsError(`There is already a model or folder at ${target}.`, {
    hint: 'To train another one, choose another folder (--out) or name (--name).',
  });
}
