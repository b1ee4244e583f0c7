import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { AttentionType, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import { InferenceRuntime, type RuntimeOptions } from '#native-models/runtime/inference-runtime.ts';
import { measureTraining, type TrainingTiming } from './measure-training.ts';
import { TemporaryFolder } from './temporary-folder.ts';
import { type Machine, thisMachine } from './this-machine.ts';
import { tinyModel } from './tiny-model.ts';

export interface TrainingBenchmarkOptions extends Omit<RuntimeOptions, 'precision'> {
  readonly attentions: readonly AttentionType[];
  /** Clips of a step. */
  readonly batch: number;
  readonly rounds: number;
  /** The model to measure; {@link tinyModel} when left out. */
  readonly architecture?: (attention: AttentionType) => TimesformerConfig;
  readonly signal?: AbortSignal;
  readonly onStep?: (step: string, done: number, total: number) => void;
}

/** What {@link runTrainingBenchmark} found out about this machine. */
export interface TrainingBenchmarkReport {
  readonly machine: Machine;
  readonly device: { readonly used: string; readonly precision: string; readonly threads: number };
  readonly steps: readonly TrainingTiming[];
}

/**
 * Measures training steps beside inference: on one runtime with all threads and, where a CPU computes, on a runtime with
 * one thread for each of them, as `npm run train:motions` does.
 */
export async function runTrainingBenchmark(options: TrainingBenchmarkOptions): Promise<TrainingBenchmarkReport> {
  const { attentions, batch, rounds, signal, architecture = tinyModel, onStep } = options;
  const threads = options.threads ?? availableParallelism();
  await using folder = await TemporaryFolder.create('patchlight-bench-');
  await using runtime = await InferenceRuntime.start({ ...options, precision: 'fp32', threads });
  const { device, precision } = runtime.target;
  const steps: TrainingTiming[] = [];
  for (const attention of attentions) {
    const config = architecture(attention);
    const bundle = await createRandomBundle(join(folder.path, attention.replaceAll('_', '-')), config, {
      seed: 1,
      selection: { heads: 1, threshold: 0.5, groups: [{ firstBlock: 0, blocks: config.depth }] },
      title: 'Random weights',
      ...(signal === undefined ? {} : { signal }),
    });
    const measure = async (replicas: readonly InferenceRuntime[]) => {
      const what = `${attention.replaceAll('_', ' ')} training on ${replicas.length} × ${threads / replicas.length} threads`;
      const onProgress = (done: number, total: number) => onStep?.(what, done, total);
      steps.push(await measureTraining({ bundle, runtime, replicas, batch, rounds, signal, onProgress }));
    };
    await measure([runtime]);
    if (device !== 'cpu' || threads === 1 || batch % threads !== 0) continue;
    await using replicas = new AsyncDisposableStack();
    const runtimes: InferenceRuntime[] = [];
    for (let i = 0; i < threads; i++) {
      runtimes.push(replicas.use(await InferenceRuntime.start({ device, precision, threads: 1 })));
    }
    await measure(runtimes);
  }
  return { machine: thisMachine(), device: { used: device, precision, threads }, steps };
}
