import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Terminal } from '#cli/terminal/terminal.ts';
import { TrainingLock } from '#engine/training/training-lock.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { Course } from './course.ts';
import type { TrainingRequest } from './options.ts';
import { ProgressLines } from './progress-lines.ts';
import { trainModel } from './train-model.ts';
import type { ModelTrainingEvent } from './training.ts';

/** Of so many steps one is written down. */
const LOG_EVERY = 10;

/**
 * Trains as somebody asked on the command line, tells `terminal` about it, and keeps curves beside the training.
 *
 * @throws TrainingUnderWayError when another training works in the folder; what {@link trainModel} throws
 */
export async function runTraining(
  course: Course,
  { out, device, threads, ...request }: TrainingRequest,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const directory = resolve(out);
  await using open = new AsyncDisposableStack();
  open.use(await TrainingLock.take(directory));
  const start = async (count: number) =>
    open.use(await InferenceRuntime.start({ device, precision: 'fp32', threads: count }));
  const runtime = await start(threads);
  const replicas = await Promise.all(Array.from({ length: course.recipe.replicas }, () => start(1)));
  const lines = new ProgressLines();
  terminal.note(`Training on ${runtime.target.device}, kept in ${directory}`);
  for await (const event of trainModel({ ...request, course, directory, runtime, replicas, signal })) {
    const line = lines.lineFor(event);
    if (line !== null) terminal.note(line);
    const record = recordOf(event);
    if (record !== null) await appendFile(join(directory, 'log.jsonl'), `${JSON.stringify(record)}\n`);
  }
}

/** What is kept of `event` for curves. */
function recordOf(event: ModelTrainingEvent): object | null {
  if (event.kind === 'validated') return event;
  if (event.kind !== 'phase' || event.event.kind !== 'step' || event.event.step % LOG_EVERY !== 0) return null;
  const { step, loss, learningRate, gradientNorm, running, stepsPerSecond } = event.event;
  return { phase: event.name, step, loss, learningRate, gradientNorm, running, stepsPerSecond };
}
