import type { OptimizerSettings } from './optimizer.ts';
import type { ScheduleSettings } from './schedule.ts';

/** How a task is learnt: all that decides, with the task itself, how a run comes out. */
export interface TrainingSettings {
  readonly steps: number;
  /** Micro-batches whose mean gradient makes one step. */
  readonly microBatches: number;
  readonly optimizer: OptimizerSettings;
  readonly schedule: ScheduleSettings;
  /** Longest gradient that is used as it is; `null` for any. */
  readonly clipNorm: number | null;
  readonly seed: number;
}
