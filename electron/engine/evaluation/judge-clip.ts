import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { Selector } from '#native-models/selection/selector.ts';
import { chooseTokens } from '../analysis/choose-tokens.ts';
import { average, mostProbable, softmax } from '../analysis/predictions.ts';
import { runTrunk, viewGmacs } from '../analysis/run-trunk.ts';
import type { DecodedClip } from '../video/decode.ts';
import { cropOrigins, viewTensor } from '../video/views.ts';
import type { Judgement } from './outcome.ts';
import type { EvaluationSettings } from './settings.ts';

/** One view under one setting. */
export interface JudgedView {
  /** Softmax, `[classes]`. */
  readonly probabilities: Float32Array;
  readonly keptTokens: number;
  readonly gmacs: number;
  readonly inferenceMs: number;
}

/**
 * Judges one clip under every setting: the stem runs once a view, selection and trunk once a view and setting.
 *
 * @param video Index in the data set: each video and view has random numbers of its own.
 * @returns One judgement for each of the selectors.
 */
export async function judgeClip(
  model: VideoModel,
  decoded: DecodedClip,
  video: number,
  { views, selectors }: EvaluationSettings,
  signal?: AbortSignal,
): Promise<Judgement[]> {
  const { imageSize } = model.config;
  const origins = cropOrigins(decoded.width, decoded.height, imageSize);
  const judged: JudgedView[][] = selectors.map(() => []);
  for (const [crop, { name, origin }] of origins.entries()) {
    if (views === 1 && name !== 'center') continue;
    const pixels = viewTensor(decoded, origin, imageSize, model.bundle.manifest.preprocessing);
    const results = await judgeView(model, pixels, video * origins.length + crop, selectors, signal);
    for (const [i, result] of results.entries()) judged[i]?.push(result);
  }
  return judged.map(together);
}

/** @param pixels `[3, frames, side, side]`, normalised. */
export async function judgeView(
  model: VideoModel,
  pixels: Float32Array,
  stream: number,
  selectors: readonly Selector[],
  signal?: AbortSignal,
): Promise<JudgedView[]> {
  const begun = performance.now();
  const embedded = await model.embed(pixels, signal);
  const stemMs = performance.now() - begun;
  const results: JudgedView[] = [];
  for (const selector of selectors) {
    signal?.throwIfAborted();
    const before = performance.now();
    const { kept } = await chooseTokens(model, selector, { pixels, embedded, stream }, signal);
    const logits = await runTrunk(model, selector, embedded, kept, signal);
    // A setting's speed is that of a run of its own: the stem, which they share here, is part of each.
    const inferenceMs = stemMs + performance.now() - before;
    const gmacs = viewGmacs(model, selector, kept);
    results.push({ probabilities: softmax(logits), keptTokens: kept.length, gmacs, inferenceMs });
  }
  return results;
}

/** @param views The centre alone, or left, centre, right. */
function together(views: readonly JudgedView[]): Judgement {
  const all = views.map(({ probabilities }) => probabilities);
  const sum = (of: (view: JudgedView) => number) => views.reduce((total, view) => total + of(view), 0);
  return {
    clip1: mostProbable(all[views.length >> 1] ?? new Float32Array(0)),
    video1: views.length === 1 ? null : mostProbable(average(all)),
    keptTokens: sum(({ keptTokens }) => keptTokens),
    gmacs: sum(({ gmacs }) => gmacs),
    inferenceMs: sum(({ inferenceMs }) => inferenceMs),
  };
}
