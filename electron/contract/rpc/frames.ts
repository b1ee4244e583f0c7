import { z } from 'zod';
import { errorDataSchema } from '#contract/error-data.ts';

/**
 * What travels through a port. The asking side numbers its calls; everything that belongs to a call carries its number.
 *
 * A stream gives only as many items as it was given credit for, so that a slow reader slows the work down instead of
 * filling its memory.
 */

/** More calls than any connection ever makes. */
const id = z
  .int()
  .min(1)
  .max(2 ** 31);
const credit = z.int().min(1).max(1024);

export const clientFrameSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('call'),
    id,
    /** `group.procedure` */
    procedure: z.string().max(200),
    input: z.unknown().optional(),
    /** Of a stream: how many items may come. */
    credit: credit.optional(),
  }),
  /** The items of a stream that were used, and may be replaced. */
  z.object({ type: z.literal('credit'), id, credit }),
  z.object({ type: z.literal('cancel'), id }),
]);
export type ClientFrame = z.infer<typeof clientFrameSchema>;

export const serverFrameSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('result'), id, value: z.unknown().optional() }),
  z.object({ type: z.literal('item'), id, value: z.unknown().optional() }),
  z.object({ type: z.literal('end'), id }),
  z.object({ type: z.literal('error'), id, error: errorDataSchema }),
]);
export type ServerFrame = z.infer<typeof serverFrameSchema>;
