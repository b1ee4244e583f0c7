import { z } from 'zod';

/** The one object that the preload gives to the page, and what comes back through the window. */
export interface PatchlightBridge {
  /** Asks the main process for a port; it arrives as a message of the window with the same request in it. */
  connect(role: 'engine' | 'shell', request: string): void;
  /** Opens files that were dropped or chosen. Their paths are read outside of the page, which never sees them. */
  openFiles(files: readonly object[]): void;
}

const portMessageSchema = z.object({ patchlight: z.literal('port'), request: z.uuid() });
export type PortMessage = z.infer<typeof portMessageSchema>;

/** A message of the window that may carry a port; null for any other. Without a port nobody was there. */
export function portMessage(data: unknown): PortMessage | null {
  return portMessageSchema.safeParse(data).data ?? null;
}

/** Channels between preload and main process. */
export const CHANNELS = {
  /** To main: `(role, request)`. */
  connect: 'patchlight:connect',
  /** To the preload: `(request)`, with the port or without any. */
  port: 'patchlight:port',
  /** To main: `(paths)`. */
  openFiles: 'patchlight:open-files',
} as const;

/** What {@link CHANNELS} carry to the main process; checked there. */
export const connectRequestSchema = z.tuple([z.enum(['engine', 'shell']), z.uuid()]);
export const openFilesRequestSchema = z.tuple([z.array(z.string().min(1).max(32_768)).min(1).max(1000)]);
