/** The one object that the preload gives to the page. */
export interface PatchlightBridge {
  /** Asks the main process for a port; it arrives as a message of the window with the same request in it. */
  connect(role: 'engine' | 'shell', request: string): void;
  /** Opens files that were dropped or chosen. Their paths are read outside of the page, which never sees them. */
  openFiles(files: readonly object[]): void;
}

/** Channels between preload and main process. */
export const CHANNELS = {
  /** To main: `(role, request)`. */
  connect: 'patchlight:connect',
  /** To the preload: `(request)`, with the port, or without any when nobody is there. */
  port: 'patchlight:port',
  /** To main: `(paths)`. */
  openFiles: 'patchlight:open-files',
} as const;
