import type { KeepRule } from '#contract/selection.ts';
import { softmax } from '#engine/analysis/predictions.ts';
import { ImageRun } from '#native-models/runtime/image-run.ts';
import type { ImageSelector } from '#native-models/selection/image-selector.ts';
import type { Outcome } from '../results/figures.ts';
import type { Measuring } from './measuring.ts';
import type { TestImage } from './test-images.ts';

/** What one choice of patches makes of an image. */
export interface JudgedImage extends Outcome {
  /** Patches that each group has seen. */
  readonly kept: readonly number[];
}

/** One image with all patches, by the whole model at once, as a model without interpreters runs. */
export async function judgeFull({ model, signal }: Measuring, image: TestImage): Promise<Outcome> {
  const started = performance.now();
  const logits = await model.classify(image.pixels, signal);
  return {
    probabilities: softmax(logits),
    keptTokens: model.patchCount,
    gmacs: model.cost(null, false).total,
    inferenceMs: performance.now() - started,
  };
}

/** One image from its pixels to its class with patches chosen by `selector`. */
export async function judgeSelected(
  { model, selection, signal }: Measuring,
  image: TestImage,
  selector: ImageSelector,
): Promise<JudgedImage> {
  const started = performance.now();
  const run = await ImageRun.begin(model, image.pixels, signal, image.index);
  const { groups, logits } = await run.select(selector, signal);
  const inferenceMs = performance.now() - started;
  const kept = groups.map((group) => group.kept.length);
  const blocks = selection.groups.map((group) => group.blocks);
  const depth = blocks.reduce((sum, count) => sum + count, 0);
  return {
    probabilities: softmax(logits),
    // Mean over the blocks.
    keptTokens: kept.reduce((sum, count, group) => sum + count * (blocks[group] ?? 0), 0) / depth,
    gmacs: model.cost(kept, selector.name === 'interpreter').total,
    inferenceMs,
    kept,
  };
}

/** The interpreters with one threshold for all groups. */
export function atThreshold({ selection }: Measuring, threshold: number): ImageSelector {
  return { name: 'interpreter', rules: selection.groups.map((): KeepRule => ({ kind: 'threshold', threshold })) };
}

/** Chance that keeps as many patches in each group as something else did. */
export function asManyByChance({ model }: Measuring, kept: readonly number[], seed: number): ImageSelector {
  return { name: 'random', seed, rules: kept.map((count) => ({ kind: 'keep', ratio: count / model.patchCount })) };
}

/** What `judge` gives the second time: what has just run is faster, and everything is to be timed as if it had. */
export async function again<Judged>(judge: () => Promise<Judged>): Promise<Judged> {
  await judge();
  return await judge();
}

/** Loads the graphs and runs each once, so that the first image is timed like the others. */
export async function warmUp(measuring: Measuring): Promise<void> {
  const { imageSize } = measuring.model.config;
  const blank = {
    index: 0,
    label: 0,
    pixels: new Float32Array(3 * imageSize * imageSize),
    mask: new Uint8Array(imageSize * imageSize),
  };
  await judgeFull(measuring, blank);
  if (measuring.model.selection !== null) await judgeSelected(measuring, blank, atThreshold(measuring, 0.5));
}
