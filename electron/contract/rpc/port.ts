/**
 * One end of a connection that carries values, in order. The protocol stands on this and nothing else, so that it is the
 * same over every transport.
 */
export interface Port {
  /** Sends a structured value: plain objects, arrays, strings, numbers, booleans, null, typed arrays. */
  send(message: unknown): void;
  /** Registers the one listener; nothing is lost that came before. */
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the connection is over, whichever side ended it. */
  onClose(listener: () => void): void;
  /** Sending afterwards has no effect. */
  close(): void;
}
