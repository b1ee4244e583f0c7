import { type GrantedFile, grantedFileSchema } from '#contract/files.ts';
import { valuesOver } from '#contract/rpc/binary-port.ts';
import type { Port } from '#contract/rpc/port.ts';
import { webSocketPort } from '#contract/rpc/web-socket.ts';
import type { Role, Transport } from './transport.ts';

/** Over WebSockets to `patchlight serve`. */
export class BrowserTransport implements Transport {
  readonly #base: string;

  constructor({ host }: Pick<Location, 'host'>) {
    this.#base = `ws://${host}/socket/`;
  }

  async open(role: Role): Promise<Port> {
    const socket = new WebSocket(this.#base + role);
    await new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true });
      socket.addEventListener('close', () => reject(new Error(`There is no ${role} at ${this.#base}.`)), {
        once: true,
      });
    });
    return valuesOver(webSocketPort(socket));
  }

  async take(files: readonly File[], onProgress?: (share: number) => void): Promise<GrantedFile[]> {
    const bytes = files.reduce((sum, { size }) => sum + size, 0);
    const taken: GrantedFile[] = [];
    let done = 0;
    for (const file of files) {
      taken.push(await upload(file, (sent) => onProgress?.((done + sent) / Math.max(1, bytes))));
      done += file.size;
    }
    return taken;
  }
}

// fetch tells nothing about what it has sent, and a video takes a while.
function upload(file: File, onSent: (bytes: number) => void): Promise<GrantedFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/upload');
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name));
    request.responseType = 'json';
    request.upload.addEventListener('progress', ({ loaded }) => onSent(loaded));
    request.addEventListener('error', () => reject(new Error(`${file.name} could not be sent.`)));
    request.addEventListener('load', () => {
      const granted = grantedFileSchema.safeParse(request.response);
      if (granted.success) resolve(granted.data);
      else reject(new Error(`${file.name} was not taken.`));
    });
    request.send(file);
  });
}
