import type { ParameterSet } from './parameter-set.ts';
import { ProgressMeter } from './progress-meter.ts';
import { type CompletedStep, TrainingRun } from './training-run.ts';
import type { TrainingSettings } from './training-settings.ts';
import type { TrainingTask } from './training-task.ts';

export interface TrainingOptions {
  readonly signal?: AbortSignal | undefined;
  /** Where the run is kept: one that was interrupted goes on from there. Without it nothing is kept. */
  readonly directory?: string | undefined;
  /** A checkpoint is due after so many steps or seconds, whichever comes first; after a minute when left out. */
  readonly checkpointEvery?: { readonly steps?: number; readonly seconds?: number } | undefined;
}

export type TrainingEvent =
  | { readonly kind: 'started'; readonly step: number; readonly steps: number; readonly resumed: boolean }
  | TrainingStep
  | { readonly kind: 'checkpoint'; readonly step: number; readonly directory: string }
  | { readonly kind: 'done'; readonly parameters: ParameterSet; readonly trainedSeconds: number };

export interface TrainingStep extends CompletedStep {
  readonly kind: 'step';
  /** Steps that are done, this one included. */
  readonly step: number;
  readonly steps: number;
  /** Means over about the last 50 steps, `loss` among them. */
  readonly running: Readonly<Record<string, number>>;
  readonly stepsPerSecond: number;
  readonly etaSeconds: number;
}

const CHECKPOINT_SECONDS = 60;

/**
 * Trains `task`, or goes on with a run that was interrupted.
 *
 * The parameters at the end are the same, bit by bit, however often the run was killed on its way, as long as the task's
 * steps are (onnxruntime on the CPU with the same number of threads). An aborted run writes down where it is and throws
 * the signal's reason. The next micro-batch is made while the current one is computed.
 *
 * @throws ResumeMismatchError, TrainingCheckpointInvalidError as {@link loadTrainingCheckpoint} does.
 * @throws TrainingDivergedError when the loss or its gradient is no number any more.
 */
export async function* train<Batch>(
  task: TrainingTask<Batch>,
  settings: TrainingSettings,
  { signal, directory, checkpointEvery = { seconds: CHECKPOINT_SECONDS } }: TrainingOptions = {},
): AsyncGenerator<TrainingEvent, void, void> {
  const run = await TrainingRun.open(task, settings, directory);
  const { steps } = settings;
  yield { kind: 'started', step: run.step, steps, resumed: run.resumed };
  const meter = new ProgressMeter();
  let saved = { step: run.step, at: performance.now() };
  try {
    while (run.step < steps) {
      meter.pause();
      const completed = await run.advance(signal);
      run.book(completed, meter.step());
      const { step, running } = run;
      const { stepsPerSecond } = meter;
      const etaSeconds = meter.etaSeconds(steps - step);
      yield { kind: 'step', step, steps, ...completed, running, stepsPerSecond, etaSeconds };
      const isDue =
        run.step - saved.step >= (checkpointEvery.steps ?? Number.POSITIVE_INFINITY) ||
        performance.now() - saved.at >= 1000 * (checkpointEvery.seconds ?? Number.POSITIVE_INFINITY);
      if (directory === undefined || !(isDue || run.step === steps)) continue;
      const path = await run.save(directory);
      saved = { step: run.step, at: performance.now() };
      yield { kind: 'checkpoint', step: run.step, directory: path };
    }
  } catch (thrown) {
    if (signal?.aborted && directory !== undefined && run.step > saved.step) await run.save(directory);
    throw thrown;
  }
  yield { kind: 'done', parameters: run.parameters, trainedSeconds: run.trainedSeconds };
}
