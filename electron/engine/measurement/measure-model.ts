import type { AttentionType } from '#native-models/bundle/manifest.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import { keepTokens } from '#native-models/selection/keep.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';
import { softmax } from '../analysis/predictions.ts';
import { viewTensor } from '../video/views.ts';
import { median } from './statistics.ts';

/** What one view takes at one keep ratio. Milliseconds are medians of the time inside onnxruntime. */
export interface ViewTiming {
  readonly attention: AttentionType;
  /** 1: every token, without gathering. */
  readonly keep: number;
  readonly stemMs: number;
  /** What scoring adds to the stem; 0 with every token. */
  readonly interpreterMs: number;
  readonly trunkMs: number;
  readonly viewMs: number;
  /** 10⁹ multiply-accumulates of the view, and how many of them a second. */
  readonly gmacs: number;
  readonly gmacsPerSecond: number;
  /** Whole view with every token ÷ this whole view: median of the ratios of neighbouring runs. */
  readonly speedUp: number;
  /** Time of the whole path (crop, normalise, choose, copy, softmax) beyond onnxruntime's, as a share of it. */
  readonly overhead: number;
}

interface Sample {
  readonly stem: number;
  readonly plainStem: number;
  readonly trunk: number;
  readonly wall: number;
}

export interface ModelMeasurement {
  readonly runtime: InferenceRuntime;
  /** With an interpreter. */
  readonly model: VideoModel;
  /** The same weights without one, to tell apart what scoring costs. */
  readonly plain: VideoModel;
  readonly keeps: readonly number[];
  readonly rounds: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
  /** Told after each round that counts what is known so far. */
  readonly onViews?: (views: readonly ViewTiming[]) => void;
}

/**
 * Times one model: every keep ratio once in each round, so that whatever else slows the machine down meets all of them.
 *
 * Tokens are kept by chance, which makes sequences as ragged as they can be: the hard case for divided attention.
 */
export async function measureModel(measurement: ModelMeasurement): Promise<ViewTiming[]> {
  const { model, keeps, rounds, signal, onProgress, onViews } = measurement;
  const { numFrames, imageSize } = model.config;
  const frames = noise(numFrames * imageSize * imageSize * 3);
  const all = [1, ...keeps.filter((keep) => keep < 1)];
  const samples = new Map(all.map((keep) => [keep, [] as Sample[]]));
  const soFar = () => all.map((keep) => summarise(model, keep, samples.get(keep) ?? [], samples.get(1) ?? []));
  // The first round loads the graphs and does not count.
  for (let round = 0; round <= rounds; round++) {
    for (const [i, keep] of all.entries()) {
      signal?.throwIfAborted();
      const sample = await measureView(measurement, { width: imageSize, height: imageSize, frames }, keep, round);
      if (round > 0) samples.get(keep)?.push(sample);
      onProgress?.(round * all.length + i + 1, (rounds + 1) * all.length);
    }
    if (round > 0 && round < rounds) onViews?.(soFar());
  }
  return soFar();
}

async function measureView(
  { runtime, model, plain, signal }: ModelMeasurement,
  stack: Parameters<typeof viewTensor>[0],
  keep: number,
  round: number,
): Promise<Sample> {
  const { preprocessing } = model.bundle.manifest;
  const native = async (work: () => Promise<unknown>) => {
    const before = runtime.nativeMs;
    await work();
    return runtime.nativeMs - before;
  };
  const pixels = viewTensor(stack, [0, 0], model.config.imageSize, preprocessing);
  const plainStem = await native(() => plain.embed(pixels, signal));

  const stages = keep === 1 ? plain : model;
  const nativeBefore = runtime.nativeMs;
  const before = performance.now();
  const view = viewTensor(stack, [0, 0], model.config.imageSize, preprocessing);
  const embedded = await stages.embed(view, signal);
  const stem = runtime.nativeMs - nativeBefore;
  const { kept } = keepTokens(randomScores(model.tokenCount, 1, round), { kind: 'keep', ratio: keep });
  softmax(await stages.classify(embedded, keep === 1 ? null : kept, signal));
  return { stem, plainStem, trunk: runtime.nativeMs - nativeBefore - stem, wall: performance.now() - before };
}

function summarise(model: VideoModel, keep: number, samples: readonly Sample[], full: readonly Sample[]): ViewTiming {
  const native = ({ stem, trunk }: Sample) => stem + trunk;
  const of = (value: (sample: Sample) => number) => median(samples.map(value));
  const viewMs = of(native);
  const { kept } = keepTokens(randomScores(model.tokenCount, 1, 1), { kind: 'keep', ratio: keep });
  const gmacs = model.cost(keep === 1 ? null : kept, keep < 1).total;
  return {
    attention: model.config.attention,
    keep,
    stemMs: of(({ plainStem }) => plainStem),
    interpreterMs:
      keep === 1
        ? 0
        : Math.max(
            0,
            of(({ stem, plainStem }) => stem - plainStem),
          ),
    trunkMs: of(({ trunk }) => trunk),
    viewMs,
    gmacs,
    gmacsPerSecond: (1000 * gmacs) / viewMs,
    speedUp: median(samples.map((sample, i) => native(full[i] ?? sample) / native(sample))),
    overhead: of((sample) => sample.wall / native(sample) - 1),
  };
}

function noise(length: number): Uint8Array {
  return Uint8Array.from(randomScores(length, 0, 0), (x) => 256 * x);
}
