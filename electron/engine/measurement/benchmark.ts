import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { AttentionType, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { InferenceRuntime, type RuntimeOptions } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { openEngine } from '../analysis/open-engine.ts';
import { baseModel } from './base-model.ts';
import { type DecodeTiming, measureDecoding } from './measure-decoding.ts';
import { measureModel, type ViewTiming } from './measure-model.ts';
import { measurePipeline, type PipelineTiming } from './measure-pipeline.ts';
import { TemporaryFolder } from './temporary-folder.ts';
import { makeTestVideo, type TestVideo } from './test-video.ts';
import { type Machine, thisMachine } from './this-machine.ts';

export interface BenchmarkOptions extends RuntimeOptions {
  readonly attentions: readonly AttentionType[];
  readonly keeps: readonly number[];
  readonly rounds: number;
  /** The video that decoding and the whole pipeline are measured with; `null` leaves them out. */
  readonly video: TestVideo | null;
  /** The model to measure; {@link baseModel} when left out. */
  readonly architecture?: (attention: AttentionType) => TimesformerConfig;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string, done: number, total: number) => void;
  /** Told now and then what is known so far of the views of the model at hand. */
  readonly onViews?: (views: readonly ViewTiming[]) => void;
}

/** What {@link runBenchmark} found out about this machine. */
export interface BenchmarkReport {
  readonly machine: Machine;
  readonly device: { readonly used: string; readonly precision: string; readonly threads: number };
  readonly views: readonly ViewTiming[];
  readonly decoding: DecodeTiming | null;
  /** The same video analysed whole: three views of every clip, every token. */
  readonly pipeline: PipelineTiming | null;
}

/** A minute of full HD. */
export const BENCHMARK_VIDEO: TestVideo = { width: 1920, height: 1080, seconds: 60, framesPerSecond: 30 };

const TIMING = { numFrames: 8, samplingRate: 32 } as const;

/**
 * Measures a model with random weights (TimeSformer-B/16) on this machine: views, decoding, and both together. Everything it
 * needs is made in a temporary folder and removed again.
 */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkReport> {
  const { signal, video, architecture = baseModel } = options;
  const step = options.onStep ?? (() => {});
  await using folder = await TemporaryFolder.create('patchlight-bench-');
  const bundles: Bundle[] = [];
  for (const attention of options.attentions) {
    step(`making a ${spoken(attention)} model`, 0, 1);
    bundles.push(
      await randomBundle(join(folder.path, attention.replaceAll('_', '-')), architecture(attention), signal),
    );
  }
  const views: ViewTiming[] = [];
  for (const bundle of bundles) views.push(...(await measureViews(bundle, options, step)));
  const [first] = bundles;
  const whole =
    video !== null && first !== undefined ? await measureVideo(first, video, folder.path, options, step) : null;
  return {
    machine: thisMachine(),
    device: await deviceOf(options),
    views,
    decoding: whole?.decoding ?? null,
    pipeline: whole?.pipeline ?? null,
  };
}

type Step = NonNullable<BenchmarkOptions['onStep']>;

async function measureViews(bundle: Bundle, options: BenchmarkOptions, step: Step): Promise<ViewTiming[]> {
  const { keeps, rounds, signal, onViews } = options;
  // Two stems and two trunks take turns.
  await using runtime = await InferenceRuntime.start({ ...options, sessions: 4 });
  const model = new VideoModel(bundle, runtime);
  const plain = new VideoModel({ ...bundle, manifest: { ...bundle.manifest, selection: null } }, runtime);
  const onProgress = (done: number, total: number) => step(`${spoken(model.config.attention)} views`, done, total);
  const listeners = { onProgress, ...(onViews === undefined ? {} : { onViews }) };
  return await measureModel({ runtime, model, plain, keeps, rounds, ...listeners, ...signalOf(signal) });
}

async function measureVideo(bundle: Bundle, video: TestVideo, folder: string, options: BenchmarkOptions, step: Step) {
  const { signal } = options;
  const path = join(folder, 'test.mp4');
  step('making a video', 0, 1);
  await makeTestVideo(path, video, signal);
  step('decoding', 0, 1);
  const { imageSize } = bundle.manifest.architecture;
  const decoding = await measureDecoding(path, { ...TIMING, shortSide: imageSize, rounds: 3, ...signalOf(signal) });
  step('decoding and inference together', 0, 1);
  // As in use: with the sessions of one analysis in memory, since starting ffmpeg takes the longer the more there is.
  await using engine = await openEngine(bundle, options);
  const request = { views: 3, selector: { name: 'full' } } as const;
  return { decoding, pipeline: await measurePipeline(path, request, engine, decoding.decodeMs, signal) };
}

async function deviceOf(options: BenchmarkOptions): Promise<BenchmarkReport['device']> {
  await using runtime = await InferenceRuntime.start(options);
  const { device, precision } = runtime.target;
  return { used: device, precision, threads: options.threads ?? cpus().length };
}

function spoken(attention: AttentionType): string {
  return attention.replaceAll('_', ' ');
}

function randomBundle(directory: string, config: TimesformerConfig, signal: AbortSignal | undefined): Promise<Bundle> {
  return createRandomBundle(directory, config, {
    seed: 1,
    selection: { heads: 6, threshold: 0.5, groups: [{ firstBlock: 0, blocks: config.depth }] },
    title: 'Random weights',
    ...signalOf(signal),
  });
}

function signalOf(signal: AbortSignal | undefined): { readonly signal?: AbortSignal } {
  return signal === undefined ? {} : { signal };
}
