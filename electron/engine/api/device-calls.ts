import { availableParallelism, cpus, totalmem } from 'node:os';
import type { MeasureEvent } from '#contract/devices.ts';
import type { EngineImplementation } from '#contract/engine-api.ts';
import { toldEvents } from '../jobs/told-events.ts';
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
      const work = async (tell: (event: MeasureEvent) => void, stop: AbortSignal): Promise<MeasureEvent> => {
        const { machine, device, views } = await runBenchmark({
          ...models.runtimeOptions,
          ...{ attentions: ['divided_space_time'], keeps, rounds, video: null, signal: stop },
          onStep: (step, done, total) => tell({ type: 'step', step, done, total }),
          onViews: (soFar) => tell({ type: 'views', views: [...soFar] }),
        });
        return { type: 'done', measurement: { machine, device, views: [...views] } };
      };
      // Whoever leaves is kept until it is over: nothing else may run before.
      yield yield* toldEvents(work, (later, earlier) => later.type === earlier.type, signal);
    },
  };
}
