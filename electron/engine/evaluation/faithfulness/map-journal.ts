import { z } from 'zod';
import { evaluationFailureSchema } from '#contract/evaluation.ts';
import type { JournalKind } from '../journal.ts';
import { mapOutcomeSchema } from './map-results.ts';

const videoMapsSchema = z.union([
  z.strictObject({
    video: z.int().min(0),
    /** Class of the whole view. */
    predicted: z.int().min(0),
    /** By the name of the score map. */
    maps: z.record(z.string(), mapOutcomeSchema),
  }),
  z.strictObject({ video: z.int().min(0), failure: evaluationFailureSchema }),
]);

/** What came of the score maps of one video of a data set, by its index there. */
export type VideoMaps = z.infer<typeof videoMapsSchema>;

export const MAP_JOURNAL: JournalKind<VideoMaps> = { name: 'faithfulness', outcome: videoMapsSchema };
