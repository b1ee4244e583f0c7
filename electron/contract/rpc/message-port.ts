import type { Port } from './port.ts';

/** What browsers and Node call a MessagePort. */
export interface MessagePortLike {
  postMessage(message: unknown): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
  addEventListener(type: 'close', listener: () => void): void;
  start(): void;
  close(): void;
}

/** What Electron's main and utility processes have instead. */
export interface ElectronPortLike {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown;
  on(event: 'close', listener: () => void): unknown;
  start(): void;
  close(): void;
}

/** One end of a MessageChannel. Values are cloned by the platform, typed arrays as they are. */
export function messagePort(port: MessagePortLike | ElectronPortLike): Port {
  const listen = 'addEventListener' in port ? port.addEventListener.bind(port) : port.on.bind(port);
  let closed = false;
  let ended = () => {};
  const end = () => {
    if (closed) return;
    closed = true;
    ended();
  };
  return {
    send(message) {
      if (!closed) port.postMessage(message);
    },
    onMessage(listener) {
      listen('message', ({ data }: { readonly data: unknown }) => listener(data));
      // Until now the platform has kept what came.
      port.start();
    },
    onClose(listener) {
      ended = listener;
      listen('close', end);
    },
    close() {
      port.close();
      // Whether the end that closes hears of it differs between the platforms.
      end();
    },
  };
}
