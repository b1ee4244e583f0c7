import { messagePort } from '#contract/rpc/message-port.ts';
import type { Port } from '#contract/rpc/port.ts';
import type { PatchlightBridge } from '#contract/window-channels.ts';
import { portMessage } from '#contract/window-messages.ts';
import type { Role, Transport } from './transport.ts';

type BridgedWindow = Pick<Window, 'addEventListener' | 'removeEventListener' | 'patchlight'>;

/** How long the main process may take to hand over a port; the engine may be starting. */
const PATIENCE_MS = 30_000;

/** Over MessagePorts that Electron's main process hands to this window. */
export class DesktopTransport implements Transport {
  readonly #window: BridgedWindow;

  constructor(window: BridgedWindow) {
    this.#window = window;
  }

  open(role: Role): Promise<Port> {
    return new Promise((resolve, reject) => {
      const request = crypto.randomUUID();
      const receive = (event: MessageEvent) => {
        const message = portMessage(event.data);
        const [port] = event.ports;
        // Only the preload can answer with this number; messages of other windows have another source.
        if (event.source !== this.#window || message?.request !== request) return;
        stop();
        if (port === undefined) reject(new Error(`There is no ${role} (yet).`));
        else resolve(messagePort(port));
      };
      const timer = setTimeout(() => {
        stop();
        reject(new Error(`The ${role} did not answer.`));
      }, PATIENCE_MS);
      const stop = () => {
        clearTimeout(timer);
        this.#window.removeEventListener('message', receive);
      };
      this.#window.addEventListener('message', receive);
      this.#bridge.connect(role, request);
    });
  }

  async take(files: readonly File[]): Promise<[]> {
    this.#bridge.openFiles([...files]);
    return [];
  }

  get #bridge(): PatchlightBridge {
    const { patchlight } = this.#window;
    if (patchlight === undefined) throw new Error('This page is not shown by the desktop app.');
    return patchlight;
  }
}
