/**
 * `npm run train:motions`: trains the model that comes with Patchlight, hours long, and writes it as a bundle. Whatever
 * interrupts it, the same command goes on: `npm run train:motions -- --hours 12 --out DIR`.
 */

import { appendFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Terminal } from '#cli/terminal/terminal.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { runResumable } from './resumable-command.ts';
import { parseOptions } from './train-motions/options.ts';
import { ProgressLines } from './train-motions/progress-lines.ts';
import { trainMotions } from './train-motions/train-motions.ts';
import type { TrainMotionsEvent } from './train-motions/training.ts';

/** Of so many steps one is written down. */
const LOG_EVERY = 10;

async function main(args: readonly string[], terminal: Terminal, signal: AbortSignal): Promise<void> {
  const { out, valClips, device, threads, ...request } = parseOptions(args);
  const directory = resolve(out);
  await using open = new AsyncDisposableStack();
  const start = async (count: number) =>
    open.use(await InferenceRuntime.start({ device, precision: 'fp32', threads: count }));
  const runtime = await start(threads);
  const replicas = await Promise.all(Array.from({ length: request.recipe.replicas }, () => start(1)));
  const lines = new ProgressLines();
  terminal.note(`Training on ${runtime.target.device}, kept in ${directory}`);
  for await (const event of trainMotions({
    ...request,
    directory,
    validationClips: valClips,
    runtime,
    replicas,
    signal,
  })) {
    const line = lines.lineFor(event);
    if (line !== null) terminal.note(line);
    const record = recordOf(event);
    if (record !== null) await appendFile(join(directory, 'log.jsonl'), `${JSON.stringify(record)}\n`);
  }
}

/** What is kept of `event` for curves. */
function recordOf(event: TrainMotionsEvent): object | null {
  if (event.kind === 'validated') return event;
  if (event.kind !== 'phase' || event.event.kind !== 'step' || event.event.step % LOG_EVERY !== 0) return null;
  const { step, loss, learningRate, gradientNorm, running, stepsPerSecond } = event.event;
  return { phase: event.name, step, loss, learningRate, gradientNorm, running, stepsPerSecond };
}

await runResumable(main);
