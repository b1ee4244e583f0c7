import { describe, expect, it } from 'vitest';
import { parallelTask } from '#native-models/training/parallel-task.ts';
import { ParameterSet } from '#native-models/training/parameter-set.ts';
import { RandomStream } from '#native-models/training/random-stream.ts';
import type { TrainingTask } from '#native-models/training/training-task.ts';

const initial = new ParameterSet(new Map([['x', [2]]]));

/** A task whose gradient tells what it was asked. */
function task(log: string[], name: string): TrainingTask<number> {
  return {
    identity: { name: 'same' },
    initial,
    batch: (index) => index,
    async step(_, batch, random) {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      const gradients = new Map([['x', Float32Array.of(batch, random.next())]]);
      return { loss: 10 * batch, gradients, figures: { batch } };
    },
  };
}

describe('a parallel task', () => {
  it('computes the micro-batches of a step at the same time, and means over them', async () => {
    const log: string[] = [];
    const whole = parallelTask([task(log, 'a'), task(log, 'b')]);
    expect(await whole.batch(3)).toEqual([6, 7]);
    const { loss, gradients, figures } = await whole.step(initial, [6, 7], RandomStream.seeded(1));
    expect(log).toEqual(['a begins', 'b begins', 'a ends', 'b ends']);
    expect({ loss, figures, x: gradients.get('x')![0] }).toEqual({ loss: 65, figures: { batch: 6.5 }, x: 6.5 });
  });

  it('gives every replica chance of its own, the same for the same seed', async () => {
    const chance = async (seed: number, batches: readonly number[]) => {
      const replicas = [task([], 'a'), task([], 'b')];
      const { gradients } = await parallelTask(replicas).step(initial, batches, RandomStream.seeded(seed));
      return gradients.get('x')![1];
    };
    expect(await chance(1, [0, 0])).toBe(await chance(1, [0, 0]));
    expect(await chance(1, [0, 0])).not.toBe(await chance(2, [0, 0]));
    const alone = await task([], 'a').step(initial, 0, RandomStream.seeded(RandomStream.seeded(1).bits()));
    // Were both streams the same, their mean would be the first of them.
    expect(await chance(1, [0, 0])).not.toBe(alone.gradients.get('x')![1]);
  });

  it('asks a source for one batch after another', async () => {
    const open = new Set<number>();
    const slow: TrainingTask<number> = {
      ...task([], 'slow'),
      async batch(index) {
        expect(open.size).toBe(0);
        open.add(index);
        await new Promise((resolve) => setTimeout(resolve, 1));
        open.delete(index);
        return index;
      },
    };
    expect(await parallelTask([slow, slow, slow]).batch(2)).toEqual([6, 7, 8]);
  });

  it('is nothing without replicas, and another task than each of them', () => {
    expect(() => parallelTask([])).toThrow(RangeError);
    expect(parallelTask([task([], 'a')]).identity).not.toEqual(task([], 'a').identity);
  });
});
