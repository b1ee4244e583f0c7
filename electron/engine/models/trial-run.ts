import { InferenceFailedError } from '#contract/errors.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';

/** What a trial found out. */
export interface TrialReport {
  readonly device: string;
  readonly precision: string;
  /** Of the second view: the first one also loads the model. */
  readonly viewMs: number;
}

/**
 * Classifies a view of noise with a model that was just imported.
 *
 * @throws InferenceFailedError when what comes out are no finite numbers, and what inference throws
 */
export async function trialRun(bundle: Bundle, runtime: InferenceRuntime, signal: AbortSignal): Promise<TrialReport> {
  const model = new VideoModel(bundle, runtime);
  const { numFrames, imageSize } = model.config;
  const noise = randomScores(3 * numFrames * imageSize * imageSize, 0, 0).map((x) => 2 * x - 1);
  const run = async () => {
    const embedded = await model.embed(noise, signal);
    const logits = await model.classify(embedded, null, signal);
    if ([...logits, ...(embedded.scores ?? [])].every(Number.isFinite)) return;
    throw new InferenceFailedError(`The model "${bundle.manifest.name}" gives no finite numbers for a view of noise.`, {
      hint: 'Its weights are damaged, or need a higher precision: try fp32 in the settings.',
    });
  };
  await run();
  const before = performance.now();
  await run();
  const { device, precision } = runtime.target;
  return { device, precision, viewMs: performance.now() - before };
}
