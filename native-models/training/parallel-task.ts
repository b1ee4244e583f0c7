import { GradientAccumulator } from './gradient-accumulation.ts';
import { RandomStream } from './random-stream.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

/**
 * A task whose every step is a step of each of `replicas` at the same time, on batches of their own: several runtimes with
 * one thread each are faster than one with several threads, which wait for each other after every operator.
 *
 * @param replicas The same task on several runtimes; micro-batch `index` of the whole is micro-batches
 *   `index·replicas …` of one of them.
 */
export function parallelTask<Batch>(replicas: readonly TrainingTask<Batch>[]): TrainingTask<readonly Batch[]> {
  const [first] = replicas;
  if (first === undefined) throw new RangeError('Nothing cannot be done in parallel.');
  return {
    identity: { replicas: replicas.length, of: first.identity },
    initial: first.initial,
    ...(first.orthogonalizer === undefined ? {} : { orthogonalizer: first.orthogonalizer }),
    async batch(index) {
      const batches: Batch[] = [];
      // One after another: a source forgets what comes before what it is asked for.
      for (const [i, task] of replicas.entries()) batches.push(await task.batch(index * replicas.length + i));
      return batches;
    },
    async step(parameters, batches, random, signal) {
      const streams = replicas.map(() => RandomStream.seeded(random.bits()));
      const results = await Promise.all(
        replicas.map((task, i) => task.step(parameters, batches[i] as Batch, streams[i] as RandomStream, signal)),
      );
      const sum = new GradientAccumulator(parameters);
      for (const { gradients } of results) sum.add(gradients);
      return {
        loss: mean(results.map(({ loss }) => loss)),
        gradients: sum.take().tensors,
        figures: figuresOf(results),
      };
    },
  };
}

function figuresOf(results: readonly StepResult[]): Record<string, number> {
  const names = Object.keys(results[0]?.figures ?? {});
  return Object.fromEntries(names.map((name) => [name, mean(results.map(({ figures }) => figures[name] ?? 0))]));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
