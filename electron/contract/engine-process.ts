import type { ErrorData } from './errors.ts';

/** What the process that owns the windows and the engine's process say to each other besides the calls of the APIs. */

export interface EngineStart {
  /** Under which files have ids; drawn anew whenever the program starts. */
  readonly secret: string;
  /** A folder whose videos may be opened from a page. */
  readonly library: string | null;
}

/** To the engine. A utility process is given a port with `open`; a forked process numbers its connections instead. */
export type ShellMessage =
  | { readonly kind: 'start'; readonly start: EngineStart }
  | { readonly kind: 'open'; readonly role: 'page' | 'control'; readonly connection: number }
  | { readonly kind: 'bytes'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly connection: number }
  /** With the port of a trial that was asked for. */
  | { readonly kind: 'trial'; readonly trial: number }
  | { readonly kind: 'trial-gone'; readonly trial: number; readonly reason: string };

/** From the engine. */
export type EngineMessage =
  | { readonly kind: 'ready' }
  /** It could not start, and ends. */
  | { readonly kind: 'failed'; readonly error: ErrorData }
  | { readonly kind: 'bytes'; readonly connection: number; readonly bytes: Uint8Array }
  | { readonly kind: 'close'; readonly connection: number }
  /** A utility process cannot start processes of Electron's itself: it asks for one in which a device is tried. */
  | { readonly kind: 'trial'; readonly trial: number }
  /** It is not needed any more, even in the middle of its work. */
  | { readonly kind: 'trial-over'; readonly trial: number };
