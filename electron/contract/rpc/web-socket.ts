import type { BinaryPort } from './binary-port.ts';

/** The part of a WebSocket that browsers, Node and the `ws` package agree on. */
export interface WebSocketLike {
  binaryType: string;
  readonly readyState: number;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
}

const OPEN = 1;

/** One end of an open WebSocket. Text messages close it: the protocol has none. */
export function webSocketPort(socket: WebSocketLike): BinaryPort {
  socket.binaryType = 'arraybuffer';
  return {
    send(bytes) {
      if (socket.readyState === OPEN) socket.send(bytes);
    },
    onBytes(listener) {
      socket.addEventListener('message', ({ data }) => {
        if (data instanceof ArrayBuffer) listener(new Uint8Array(data));
        else socket.close();
      });
    },
    onClose: (listener) => socket.addEventListener('close', () => listener()),
    close: () => socket.close(),
  };
}
