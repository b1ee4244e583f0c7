import type { NumberedRequest, Reply } from './messages.ts';

/** The way to a worker and back, whatever the worker lives in. */
export interface Channel {
  /** `buffers` are handed over where the channel can; they must not be used afterwards. */
  send(request: NumberedRequest, buffers: readonly ArrayBuffer[]): void;
  onReply(listener: (reply: Reply) => void): void;
  /** Called once, when the worker is gone, for whatever reason; after that nothing is answered. */
  onGone(listener: (reason: string) => void): void;
  /** Whether the worker keeps this process from ending by itself. */
  keepAlive(keep: boolean): void;
  /** Gives the worker up at once, even in the middle of its work. */
  abandon(): void;
}
