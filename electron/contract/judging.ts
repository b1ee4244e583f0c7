import type { EvaluationFailure } from './evaluation.ts';

/** What every judging of a data set says while it runs. */
export type JudgingEvent =
  | {
      readonly type: 'start';
      /** `resumed`: videos whose results were kept from an earlier run. */
      readonly start: { readonly videos: number; readonly resumed: number };
    }
  | {
      readonly type: 'warning';
      /** Of the video that it is about; null where it is about the device. */
      readonly path: string | null;
      readonly warning: { readonly code: string; readonly message: string };
    }
  | { readonly type: 'failure'; readonly failure: EvaluationFailure }
  | {
      readonly type: 'progress';
      readonly videosDone: number;
      readonly videosTotal: number;
      /** Of the first setting so far, where answers are judged; null while no video has been. */
      readonly clip1Error?: number | null;
    };
