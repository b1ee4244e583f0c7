import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { ResumeMismatchError, TrainingDivergedError } from '#contract/errors.ts';
import { ProgressMeter, runningMeans } from '#native-models/training/progress-meter.ts';
import { type TrainingEvent, type TrainingStep, train } from '#native-models/training/train-loop.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { noisyQuadratic, QUADRATIC_SETTINGS } from '../../../fixtures/training/noisy-quadratic.ts';

const collect = (events: AsyncIterable<TrainingEvent>) => Array.fromAsync(events);
const stepsOf = (events: readonly TrainingEvent[]) =>
  events.filter((event): event is TrainingStep => event.kind === 'step');

function resultOf(events: readonly TrainingEvent[]): number[] {
  const last = events.at(-1);
  if (last?.kind !== 'done') throw new Error(`The run ended with ${last?.kind}.`);
  return [...last.parameters.numbers];
}

describe('a run', () => {
  it('tells of its beginning, each of its steps, and its end', async () => {
    const events = await collect(train(noisyQuadratic(), QUADRATIC_SETTINGS));
    expect(events.map(({ kind }) => kind)).toEqual(['started', ...Array(20).fill('step'), 'done']);
    expect(events[0]).toEqual({ kind: 'started', step: 0, steps: 20, resumed: false });
    const steps = stepsOf(events);
    expect(steps.map(({ step }) => step)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    // θ = 0 and the target 2, four times.
    expect(steps[0]).toMatchObject({ loss: 8, gradientNorm: 4, figures: { target: 2 } });
    expect(steps.slice(0, 4).map(({ learningRate }) => learningRate)).toEqual([0.1 * (1 / 3), 0.1 * (2 / 3), 0.1, 0.1]);
    expect(steps.at(-1)!.etaSeconds).toBe(0);
  });

  it('makes each micro-batch once, in order', async () => {
    const task = noisyQuadratic();
    await collect(train(task, { ...QUADRATIC_SETTINGS, microBatches: 3, steps: 4 }));
    expect(task.batches).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it('takes the mean over micro-batches', async () => {
    const [first] = stepsOf(await collect(train(noisyQuadratic(), { ...QUADRATIC_SETTINGS, microBatches: 2 })));
    // Targets 2 and 4: losses 8 and 32, gradients −2 and −4 in each of four places.
    expect(first).toMatchObject({ loss: 20, gradientNorm: 6, figures: { target: 3 } });
  });

  it('clips the gradient before it is used', async () => {
    const settings = { ...QUADRATIC_SETTINGS, steps: 1, clipNorm: 0.4 };
    const schedule = { ...settings.schedule, warmUpSteps: 0 };
    const moved = resultOf(await collect(train(noisyQuadratic(), { ...settings, schedule })));
    for (const value of moved) expect(value).toBeCloseTo(0.1 * 0.2, 6);
  });

  it('is repeated by its seed, and is another with another', async () => {
    const run = async (seed: number) =>
      resultOf(await collect(train(noisyQuadratic(1), { ...QUADRATIC_SETTINGS, seed })));
    expect(await run(1)).toEqual(await run(1));
    expect(await run(1)).not.toEqual(await run(2));
  });

  it('stops with a clear error when its numbers grow beyond bounds', async () => {
    const schedule = { peakLearningRate: 1e30, finalLearningRate: 1e30, warmUpSteps: 0 };
    await expect(collect(train(noisyQuadratic(), { ...QUADRATIC_SETTINGS, schedule }))).rejects.toThrow(
      TrainingDivergedError,
    );
  });
});

describe('a run that is kept', () => {
  it('goes on after a cancel as if there had been none', async () => {
    await using folder = await temporaryFolder();
    const options = { directory: folder.path };
    const whole = resultOf(await collect(train(noisyQuadratic(1), QUADRATIC_SETTINGS)));
    for (const stopAt of [3, 4, 11]) {
      const cancel = new AbortController();
      const cut = (async () => {
        for await (const event of train(noisyQuadratic(1), QUADRATIC_SETTINGS, { ...options, signal: cancel.signal })) {
          if (event.kind === 'step' && event.step === stopAt) cancel.abort(new Error('enough'));
        }
      })();
      await expect(cut).rejects.toThrow('enough');
    }
    const rest = await collect(train(noisyQuadratic(1), QUADRATIC_SETTINGS, options));
    expect(rest[0]).toEqual({ kind: 'started', step: 11, steps: 20, resumed: true });
    expect(resultOf(rest)).toEqual(whole);
  });

  it('forgets a step that was aborted in its middle', async () => {
    await using folder = await temporaryFolder();
    const settings = { ...QUADRATIC_SETTINGS, microBatches: 2 };
    const whole = resultOf(await collect(train(noisyQuadratic(1), settings)));
    const task = noisyQuadratic(1);
    const cancel = new AbortController();
    let computed = 0;
    const step: typeof task.step = (...given) => {
      computed += 1;
      if (computed === 6) cancel.abort(new Error('enough'));
      return task.step(...given);
    };
    const cut = train({ ...task, step }, settings, { directory: folder.path, signal: cancel.signal });
    await expect(collect(cut)).rejects.toThrow('enough');
    const rest = await collect(train(noisyQuadratic(1), settings, { directory: folder.path }));
    expect(rest[0]).toMatchObject({ step: 2, resumed: true });
    expect(resultOf(rest)).toEqual(whole);
  });

  it('gives its result again without another step once it is complete', async () => {
    await using folder = await temporaryFolder();
    const first = resultOf(await collect(train(noisyQuadratic(), QUADRATIC_SETTINGS, { directory: folder.path })));
    const again = await collect(train(noisyQuadratic(), QUADRATIC_SETTINGS, { directory: folder.path }));
    expect(again.map(({ kind }) => kind)).toEqual(['started', 'done']);
    expect(resultOf(again)).toEqual(first);
  });

  it('writes a checkpoint after as many steps as asked for, and keeps the last one', async () => {
    await using folder = await temporaryFolder();
    const options = { directory: folder.path, checkpointEvery: { steps: 8 } };
    const events = await collect(train(noisyQuadratic(), QUADRATIC_SETTINGS, options));
    expect(events.filter(({ kind }) => kind === 'checkpoint').map((event) => 'step' in event && event.step)).toEqual([
      8, 16, 20,
    ]);
    expect(await readdir(folder.path)).toEqual(['step-000000020']);
  });

  it('refuses to go on with other settings, and says which', async () => {
    await using folder = await temporaryFolder();
    await collect(train(noisyQuadratic(), QUADRATIC_SETTINGS, { directory: folder.path }));
    const settings = { ...QUADRATIC_SETTINGS, optimizer: { ...QUADRATIC_SETTINGS.optimizer, momentum: 0.9 } };
    const other = collect(train(noisyQuadratic(), settings, { directory: folder.path }));
    await expect(other).rejects.toThrow(ResumeMismatchError);
    await expect(collect(train(noisyQuadratic(), settings, { directory: folder.path }))).rejects.toThrow(
      'training.optimizer.momentum was 0.5 and is 0.9.',
    );
  });
});

describe('a run from other parameters', () => {
  it('does not go on with those that were kept', async () => {
    await using folder = await temporaryFolder();
    await collect(train(noisyQuadratic(), QUADRATIC_SETTINGS, { directory: folder.path }));
    const task = noisyQuadratic();
    task.initial.numbers.fill(1);
    const other = collect(train(task, QUADRATIC_SETTINGS, { directory: folder.path }));
    await expect(other).rejects.toThrow(ResumeMismatchError);
  });
});

describe('progress', () => {
  it('tells speed and remaining time from the steps so far, pauses and the first step left out', () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    const step = (ms: number) => {
      now += 10_000;
      meter.pause();
      now += ms;
      return meter.step();
    };
    expect(step(3000)).toBe(3);
    expect(meter.etaSeconds(10)).toBeCloseTo(30, 12);
    expect([step(400), step(500), step(600)]).toEqual([0.4, 0.5, 0.6]);
    expect(meter.stepsPerSecond).toBeCloseTo(2, 12);
    expect(meter.etaSeconds(100)).toBeCloseTo(50, 12);
  });

  it('shows the mean of the first values, and follows slowly later', () => {
    let means: Record<string, number> = {};
    [4, 2, 9].forEach((loss, earlier) => {
      means = runningMeans(means, { loss }, earlier);
    });
    expect(means.loss).toBeCloseTo(5, 12);
    for (let earlier = 100; earlier < 150; earlier++) means = runningMeans(means, { loss: 0 }, earlier);
    expect(means.loss).toBeCloseTo(5 * 0.98 ** 50, 12);
  });
});
