import { availableParallelism, cpus, totalmem } from 'node:os';
import type { MeasureEvent } from '#contract/devices.ts';
import type { EngineImplementation } from '#contract/engine-api.ts';
import { runBenchmark } from '../measurement/benchmark.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about this machine. */
export function deviceCalls({ models, scheduler }: Workspace): EngineImplementation['devices'] {
  return {
    async report() {
      const { requested, target, refused } = await models.runtime();
      const all = cpus();
      return {
        requested: { device: requested.device, precision: requested.precision },
        used: target.device,
        precision: target.precision,
        threads: models.runtimeOptions.threads ?? availableParallelism(),
        refused: refused.map(({ device, reason }) => ({ device, reason })),
        machine: {
          cpu: all[0]?.model.trim() ?? 'unknown',
          cores: all.length,
          memoryGb: Math.round(totalmem() / 2 ** 30),
        },
      };
    },

    async *measure({ rounds, keeps }, { signal }) {
      // Two models at work would measure each other.
      using _hold = await scheduler.hold();
      await models.reset();
      const steps = new Steps();
      const work = runBenchmark({
        ...models.runtimeOptions,
        ...{ attentions: ['divided_space_time'], keeps, rounds, video: null, signal },
        onStep: (step, done, total) => steps.note({ type: 'step', step, done, total }),
      });
      const over = work.then(() => true);
      try {
        while (!(await Promise.race([over, steps.next().then(() => false)]))) yield* steps.take();
        const { machine, device, views } = await work;
        yield { type: 'done', measurement: { machine, device, views } };
      } finally {
        // Whoever leaves has aborted it; nothing else may run before it is over.
        await Promise.allSettled([work]);
      }
    },
  };
}

/** The latest step, for a reader that may be slower than the work. */
class Steps {
  #latest: MeasureEvent | undefined;
  #wake = () => {};

  note(step: MeasureEvent): void {
    this.#latest = step;
    this.#wake();
  }

  *take(): Generator<MeasureEvent> {
    const latest = this.#latest;
    this.#latest = undefined;
    if (latest !== undefined) yield latest;
  }

  next(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#latest === undefined) this.#wake = resolve;
      else resolve();
    });
  }
}
