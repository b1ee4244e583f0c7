import type { ErrorData } from '#contract/errors.ts';
import type { Port } from '#contract/rpc/port.ts';

/** How the engine's process ended, or failed to start. */
export interface EngineEnd {
  /** For a bug report. */
  readonly reason: string;
  /** What the engine itself said: then starting it again is of no use. */
  readonly error?: ErrorData;
}

/**
 * One run of the engine's process.
 *
 * @typeParam PagePort What a page is connected by: bytes over a socket, or a port that is handed to it.
 */
export interface EngineProcess<PagePort> {
  /** Fulfilled when it answers; never when it ends before. */
  readonly ready: Promise<void>;
  readonly ended: Promise<EngineEnd>;
  /** Opens a connection for the owner of the windows. Only after it is ready. */
  openControl(): Port;
  /** Opens a connection for a page. Only after it is ready. */
  openPage(): PagePort;
  kill(): void;
}
