import { InferenceFailedError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { ImageRun } from '#native-models/runtime/image-run.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { resolveImageSelector } from '#native-models/selection/image-selector.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';

/** What a trial found out. */
export interface TrialReport {
  readonly device: string;
  readonly precision: string;
  /** Of the second view, or image: the first one also loads the model. */
  readonly viewMs: number;
}

/**
 * Classifies a view of noise, or an image, with a model that was just imported.
 *
 * @throws InferenceFailedError when what comes out are no finite numbers, and what inference throws
 */
export async function trialRun(bundle: Bundle, runtime: InferenceRuntime, signal: AbortSignal): Promise<TrialReport> {
  const classify =
    bundle.manifest.architecture.kind === 'deit' ? imageTrial(bundle, runtime) : videoTrial(bundle, runtime);
  const run = async () => {
    if ((await classify(signal)).every(Number.isFinite)) return;
    throw new InferenceFailedError(`The model "${bundle.manifest.name}" gives no finite numbers for noise.`, {
      hint: 'Its weights are damaged, or need a higher precision: try fp32 in the settings.',
    });
  };
  await run();
  const before = performance.now();
  await run();
  const { device, precision } = runtime.target;
  return { device, precision, viewMs: performance.now() - before };
}

/** All numbers that a model gives for noise: logits, and the scores of its interpreters. */
type Trial = (signal: AbortSignal) => Promise<readonly number[]>;

function videoTrial(bundle: Bundle, runtime: InferenceRuntime): Trial {
  const model = new VideoModel(bundle, runtime);
  const { numFrames, imageSize } = model.config;
  const view = noise(3 * numFrames * imageSize * imageSize);
  return async (signal) => {
    const embedded = await model.embed(view, signal);
    return [...(await model.classify(embedded, null, signal)), ...(embedded.scores ?? [])];
  };
}

/** Every group runs, on what its interpreter keeps. */
function imageTrial(bundle: Bundle, runtime: InferenceRuntime): Trial {
  const model = new ImageModel(bundle, runtime);
  const image = noise(3 * model.config.imageSize ** 2);
  const selector = resolveImageSelector(bundle.manifest);
  return async (signal) => {
    const run = await ImageRun.begin(model, image, signal);
    const { logits, groups } = await run.select(selector, signal);
    return [...logits, ...groups.flatMap(({ scores }) => [...(scores ?? [])])];
  };
}

const noise = (count: number): Float32Array => randomScores(count, 0, 0).map((x) => 2 * x - 1);
