import { z } from 'zod';

/** What crosses the borders of a window on the desktop, checked where it arrives. */

const portMessageSchema = z.object({ patchlight: z.literal('port'), request: z.uuid() });
type PortMessage = z.infer<typeof portMessageSchema>;

/** A message of the window that may carry a port; null for any other. Without a port nobody was there. */
export function portMessage(data: unknown): PortMessage | null {
  return portMessageSchema.safeParse(data).data ?? null;
}

/** Role and number of the request. */
export const connectArgumentsSchema = z.tuple([z.enum(['engine', 'shell']), z.uuid()]);

/** Paths. */
export const openFilesArgumentsSchema = z.tuple([z.array(z.string().min(1).max(32_768)).min(1).max(1000)]);
