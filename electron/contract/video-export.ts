import { z } from 'zod';
import { overlayStyleSchema } from './overlay/overlay-style.ts';

/** MP4: H.264 and the original sound where it fits. WebM: VP9 and Opus. GIF: no sound, times to 1/100 s. */
export type VideoFormat = 'mp4' | 'webm' | 'gif';

/** What is drawn into an annotated video. Every part can be left out. */
export const videoExportSchema = z.object({
  overlay: overlayStyleSchema,
  /** Between two sampled frames the scores of the nearer one hold, or both are blended; outlines are never blended. */
  between: z.enum(['hold', 'blend']),
  /** Crops whose patches are shown: the centre one, or all that were run. */
  crops: z.enum(['center', 'all']),
  /** `both`: one clip against three, where three were run. */
  prediction: z.enum(['off', 'one', 'both']),
  keepRatio: z.boolean(),
  time: z.boolean(),
  legend: z.boolean(),
  modelName: z.boolean(),
  /** The original on the left, the annotated picture on the right. */
  sideBySide: z.boolean(),
  /** Frames that appear in it; seconds from the first presented frame. Null: the whole video. */
  span: z
    .object({ startSeconds: z.number().min(0), endSeconds: z.number().min(0) })
    .refine(({ startSeconds, endSeconds }) => startSeconds < endSeconds, 'a span must start before it ends')
    .nullable(),
});
export type VideoExport = z.infer<typeof videoExportSchema>;

export const DEFAULT_VIDEO_EXPORT: VideoExport = {
  overlay: { mode: 'kept', opacity: 0.6 },
  between: 'hold',
  crops: 'all',
  prediction: 'both',
  keepRatio: true,
  time: true,
  legend: true,
  modelName: true,
  sideBySide: false,
  span: null,
};
