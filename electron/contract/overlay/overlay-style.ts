import { z } from 'zod';

/** How scores are drawn on a video, on screen and in files. */
export const overlayStyleSchema = z.object({
  mode: z.enum(['off', 'kept', 'heat', 'outline']),
  /** Of heat maps, and of what dims dropped patches. */
  opacity: z.number().min(0).max(1),
});
