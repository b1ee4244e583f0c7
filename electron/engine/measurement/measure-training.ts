import type { ViewCost } from '#native-models/architectures/timesformer/cost.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';
import { bundleParameters } from '#native-models/training/bundle-parameters.ts';
import type { ClipBatch, ClipSource } from '#native-models/training/clip-source.ts';
import { fineTunePhase } from '#native-models/training/fine-tune-phase.ts';
import { parallelTask } from '#native-models/training/parallel-task.ts';
import { SelectingModel } from '#native-models/training/selecting-model.ts';
import { type TrainingEvent, train } from '#native-models/training/train-loop.ts';
import type { TrainingSettings } from '#native-models/training/training-settings.ts';
import { median } from './statistics.ts';

/** What a training step achieves, beside inference on as many clips. Times are medians. */
export interface TrainingTiming {
  readonly attention: AttentionType;
  /** Clips of a step, and how many equal parts of them are computed at the same time. */
  readonly batch: number;
  readonly replicas: number;
  /** The whole step: parameters and clips to onnxruntime, forward, backward, gradients back, AdamW. */
  readonly stepMs: number;
  /** 10⁹ multiplications and additions a second. */
  readonly stepGflops: number;
  /** One view after another, stem and trunk, as an analysis runs them. */
  readonly viewMs: number;
  readonly inferenceGflops: number;
  /** `stepGflops` over `inferenceGflops`: median over neighbouring runs. */
  readonly ratio: number;
}

export interface TrainingMeasurement {
  /** With one interpreter; all of its weights but that are trained. */
  readonly bundle: Bundle;
  /** What the inference runs on. */
  readonly runtime: InferenceRuntime;
  /** What the equal parts of each step run on. */
  readonly replicas: readonly InferenceRuntime[];
  /** Divided evenly by the replicas. */
  readonly batch: number;
  readonly rounds: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Times training steps (fine-tuning of everything on every token) and inference in turn, so that whatever else slows the
 * machine down meets both. The clips are noise, and are there before.
 */
export async function measureTraining(measurement: TrainingMeasurement): Promise<TrainingTiming> {
  const { bundle, runtime, replicas, batch, rounds, signal, onProgress } = measurement;
  const plain = new VideoModel({ ...bundle, manifest: { ...bundle.manifest, selection: null } }, runtime);
  const cost = plain.cost(null, false);
  const [stepFlop, inferenceFlop] = [batch * 2 * trainingGmacs(cost), batch * 2 * cost.total];
  const { numFrames, imageSize } = plain.config;
  const view = noise(3 * numFrames * imageSize ** 2);
  const samples: { readonly stepMs: number; readonly inferenceMs: number }[] = [];
  const steps = trainingSteps(await trainingTask(measurement), rounds + 1, signal);
  // The first round loads the graphs and does not count.
  for (let round = 0; round <= rounds; round++) {
    const stepMs = await timed(() => steps.next());
    const inferenceMs = await timed(async () => {
      for (let clip = 0; clip < batch; clip++) await plain.classify(await plain.embed(view, signal), null, signal);
    });
    if (round > 0) samples.push({ stepMs, inferenceMs });
    onProgress?.(round + 1, rounds + 1);
  }
  const [stepMs, inferenceMs] = [
    median(samples.map((sample) => sample.stepMs)),
    median(samples.map((sample) => sample.inferenceMs)),
  ];
  return {
    attention: plain.config.attention,
    batch,
    replicas: replicas.length,
    stepMs,
    stepGflops: (1000 * stepFlop) / stepMs,
    viewMs: inferenceMs / batch,
    inferenceGflops: (1000 * inferenceFlop) / inferenceMs,
    ratio: median(samples.map((sample) => (stepFlop / sample.stepMs) * (sample.inferenceMs / inferenceFlop))),
  };
}

/**
 * What training takes for a clip, in 10⁹ multiply-accumulates: each product forward has two backward, one for the gradient
 * of either factor; the patches have one, since nobody asks for the gradient of pixels.
 */
export function trainingGmacs({ stem, trunk }: Pick<ViewCost, 'stem' | 'trunk'>): number {
  return 2 * stem + 3 * trunk;
}

async function trainingTask({ bundle, replicas, batch }: TrainingMeasurement) {
  const { architecture, selection } = bundle.manifest;
  if (architecture.kind !== 'timesformer' || selection === null || batch % replicas.length !== 0) {
    throw new RangeError('Training is measured on a video model with an interpreter, in equal parts.');
  }
  const parameters = await bundleParameters(bundle);
  const isInterpreter = (name: string) => name.startsWith('interpreter.');
  const batchSize = batch / replicas.length;
  const clips = noisyClips(batchSize, 3 * architecture.numFrames * architecture.imageSize ** 2, architecture.classes);
  const tasks = replicas.map((runtime) =>
    fineTunePhase({
      model: new SelectingModel({ runtime, config: architecture, selection, batchSize }),
      backbone: parameters.only((name) => !isInterpreter(name)),
      interpreter: parameters.only(isInterpreter),
      tokens: 'everything',
      trained: 'all',
      clips,
      labels: { kind: 'given' },
      labelSmoothing: 0.1,
    }),
  );
  return parallelTask(tasks);
}

/** One training step each time that the next is asked for. */
async function* trainingSteps<Batch>(
  task: Parameters<typeof train<Batch>>[0],
  steps: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<TrainingEvent, void> {
  const settings: TrainingSettings = {
    steps,
    microBatches: 1,
    optimizer: { kind: 'adamw', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.05 },
    schedule: { peakLearningRate: 1e-4, finalLearningRate: 1e-5, warmUpSteps: 0 },
    clipNorm: 1,
    seed: 1,
  };
  for await (const event of train(task, settings, { signal })) if (event.kind === 'step') yield event;
}

/** The same batch every time. */
function noisyClips(batchSize: number, numbers: number, classes: number): ClipSource {
  const batch: ClipBatch = {
    clips: noise(batchSize * numbers),
    labels: Uint32Array.from({ length: batchSize }, (_, clip) => clip % classes),
  };
  return { identity: { data: 'noise' }, batchSize, batch: () => batch };
}

/** Numbers like those of normalised pixels. */
function noise(length: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(randomScores(length, 0, 0), (x) => 4 * x - 2);
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await work();
  return performance.now() - before;
}
