import type { Port } from './port.ts';
import { decodeValue, encodeValue } from './value-codec.ts';

/** One end of a connection that carries messages of bytes, in order, and keeps their boundaries. */
export interface BinaryPort {
  send(bytes: Uint8Array<ArrayBuffer>): void;
  onBytes(listener: (bytes: Uint8Array) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

/** Values over a connection that carries bytes. What is no value closes it. */
export function valuesOver(port: BinaryPort): Port {
  return {
    send: (message) => port.send(encodeValue(message)),
    onMessage(listener) {
      port.onBytes((bytes) => {
        let message: unknown;
        try {
          message = decodeValue(bytes);
        } catch {
          port.close();
          return;
        }
        listener(message);
      });
    },
    onClose: (listener) => port.onClose(listener),
    close: () => port.close(),
  };
}
