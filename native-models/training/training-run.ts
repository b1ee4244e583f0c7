import { setImmediate } from 'node:timers/promises';
import { TrainingDivergedError } from '#contract/errors.ts';
import { GradientAccumulator } from './gradient-accumulation.ts';
import { clipByGlobalNorm } from './gradient-clipping.ts';
import { createOptimizer, type Optimizer } from './optimizer.ts';
import type { ParameterSet } from './parameter-set.ts';
import { runningMeans } from './progress-meter.ts';
import { RandomStream } from './random-stream.ts';
import type { JsonObject } from './run-settings.ts';
import { learningRateAt } from './schedule.ts';
import { tensorsFingerprint } from './tensors-fingerprint.ts';
import {
  loadTrainingCheckpoint,
  type RunPosition,
  type RunTensors,
  saveTrainingCheckpoint,
} from './training-checkpoint.ts';
import type { TrainingSettings } from './training-settings.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

/** What a step told. */
export interface CompletedStep {
  /** Mean over the micro-batches. */
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  /** What the task reports besides, means over the micro-batches. */
  readonly figures: Readonly<Record<string, number>>;
}

/** A run between two steps: all that changes in it, and nothing of when or why it goes on. */
export class TrainingRun<Batch> {
  readonly parameters: ParameterSet;
  /** Whether it began with a checkpoint. */
  readonly resumed: boolean;
  readonly #task: TrainingTask<Batch>;
  readonly #settings: TrainingSettings;
  readonly #identity: JsonObject;
  readonly #optimizer: Optimizer;
  readonly #tensors: RunTensors;
  readonly #accumulator: GradientAccumulator;
  #position: RunPosition;
  #ahead: { readonly index: number; readonly batch: Batch } | undefined;

  private constructor(
    task: TrainingTask<Batch>,
    settings: TrainingSettings,
    state: Pick<TrainingRun<Batch>, 'parameters' | 'resumed'> & {
      readonly identity: JsonObject;
      readonly optimizer: Optimizer;
      readonly tensors: RunTensors;
      readonly position: RunPosition;
    },
  ) {
    this.#task = task;
    this.#settings = settings;
    this.parameters = state.parameters;
    this.resumed = state.resumed;
    this.#identity = state.identity;
    this.#optimizer = state.optimizer;
    this.#tensors = state.tensors;
    this.#position = state.position;
    this.#accumulator = new GradientAccumulator(state.parameters);
  }

  /** A new run, or the one that was left in `directory`. @throws as {@link loadTrainingCheckpoint} does. */
  static async open<Batch>(
    task: TrainingTask<Batch>,
    settings: TrainingSettings,
    directory: string | undefined,
  ): Promise<TrainingRun<Batch>> {
    const parameters = task.initial.copy();
    const optimizer = createOptimizer(settings.optimizer, parameters, task.orthogonalizer);
    const tensors: RunTensors = new Map([['parameters', parameters], ...optimizer.memory]);
    const identity = identityOf(task, settings);
    const saved = directory === undefined ? null : await loadTrainingCheckpoint(directory, identity, tensors);
    const fresh = { step: 0, random: RandomStream.seeded(settings.seed).state, running: {}, trainedSeconds: 0 };
    const state = { identity, parameters, optimizer, tensors, position: saved ?? fresh, resumed: saved !== null };
    return new TrainingRun(task, settings, state);
  }

  /** Steps that are done. */
  get step(): number {
    return this.#position.step;
  }

  get running(): Readonly<Record<string, number>> {
    return this.#position.running;
  }

  get trainedSeconds(): number {
    return this.#position.trainedSeconds;
  }

  save(directory: string): Promise<string> {
    return saveTrainingCheckpoint(directory, this.#identity, this.#position, this.#tensors);
  }

  /**
   * Makes one step. One that fails or is aborted leaves the run as it was before it.
   *
   * @throws TrainingDivergedError when the loss or its gradient is no number any more.
   */
  async advance(signal?: AbortSignal): Promise<CompletedStep> {
    const { steps, microBatches, clipNorm, schedule } = this.#settings;
    const { step } = this.#position;
    const random = RandomStream.restored(this.#position.random);
    const told: Pick<StepResult, 'loss' | 'figures'>[] = [];
    this.#accumulator.clear();
    for (let micro = 0; micro < microBatches; micro++) {
      const { gradients, loss, figures } = await this.#compute(step * microBatches + micro, random, signal);
      this.#accumulator.add(gradients);
      told.push({ loss, figures });
    }
    const gradients = this.#accumulator.take();
    const { loss = Number.NaN } = meansOf(told.map((each) => ({ loss: each.loss })));
    const gradientNorm = clipByGlobalNorm(gradients, clipNorm ?? Number.POSITIVE_INFINITY);
    if (!Number.isFinite(loss) || !Number.isFinite(gradientNorm)) throw diverged(step, loss);
    const learningRate = learningRateAt(schedule, step, steps);
    await this.#optimizer.update({ parameters: this.parameters, gradients, learningRate, step });
    this.#position = { ...this.#position, step: step + 1, random: random.state };
    return { loss, learningRate, gradientNorm, figures: meansOf(told.map((each) => each.figures)) };
  }

  /** Writes into the books what a step told, and how long it took. */
  book({ loss, figures }: CompletedStep, seconds: number): void {
    const { running, trainedSeconds, step } = this.#position;
    this.#position = {
      ...this.#position,
      running: runningMeans(running, { loss, ...figures }, step - 1),
      trainedSeconds: trainedSeconds + seconds,
    };
  }

  /** Computes micro-batch `index` and, as onnxruntime works in a thread of its own, makes the next one meanwhile. */
  async #compute(index: number, random: RandomStream, signal: AbortSignal | undefined): Promise<StepResult> {
    signal?.throwIfAborted();
    const batch = this.#ahead?.index === index ? this.#ahead.batch : await this.#task.batch(index);
    this.#ahead = undefined;
    const isLast = index + 1 === this.#settings.steps * this.#settings.microBatches;
    const [result] = await Promise.all([
      this.#task.step(this.parameters, batch, random, signal),
      isLast ? undefined : this.#lookAhead(index + 1),
    ]);
    signal?.throwIfAborted();
    return result;
  }

  async #lookAhead(index: number): Promise<void> {
    // Making a batch may hold this thread up; the step under way is to be on its way to its own before.
    await setImmediate();
    this.#ahead = { index, batch: await this.#task.batch(index) };
  }
}

/** All that decides how the run comes out. */
function identityOf<Batch>(task: TrainingTask<Batch>, settings: TrainingSettings): JsonObject {
  const { optimizer, schedule, ...others } = settings;
  return {
    task: task.identity,
    start: tensorsFingerprint(task.initial),
    training: { ...others, optimizer: { ...optimizer }, schedule: { ...schedule } },
  };
}

function meansOf(rows: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const names = Object.keys(rows[0] ?? {});
  const mean = (name: string) => rows.reduce((sum, row) => sum + (row[name] ?? 0), 0) / rows.length;
  return Object.fromEntries(names.map((name) => [name, mean(name)]));
}

function diverged(step: number, loss: number): TrainingDivergedError {
  return new TrainingDivergedError(
    `Training went astray at step ${step + 1}: the loss (${loss}) or its gradient is no number any more.`,
    {
      hint: 'Lower the learning rate, lengthen the warm-up, or clip gradients, and start a new run.',
    },
  );
}
