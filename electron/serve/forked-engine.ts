import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { EngineMessage, EngineStart, ShellMessage } from '#contract/engine-process.ts';
import { type BinaryPort, valuesOver } from '#contract/rpc/binary-port.ts';
import type { EngineEnd, EngineProcess } from '#shell/engine-process.ts';

const ENGINE = new URL('../engine/process/engine-process.ts', import.meta.url);

/** Of what the engine prints, so much is kept to explain its end. */
const KEPT_OUTPUT = 4000;

/**
 * Starts the engine in a child process. Pages' bytes are passed on as they are; only the engine looks into them.
 *
 * @param url The engine's file; another one than ours only in tests.
 */
export function forkEngine(start: EngineStart, url: URL = ENGINE): EngineProcess<BinaryPort> {
  const child = fork(url, {
    serialization: 'advanced',
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    windowsHide: true,
    // Ctrl-C is meant for the server, which ends the engine in order; ffmpeg, cut off by it, would look like a damaged file.
    detached: process.platform !== 'win32',
  });
  const connections = new Map<number, Connection>();
  let printed = '';
  let failed: Extract<EngineMessage, { kind: 'failed' }>['error'] | undefined;
  const ready = Promise.withResolvers<void>();
  const send = (message: ShellMessage) => {
    // A failure to send is followed by the child's end, which says more.
    if (child.connected) child.send(message, () => {});
  };

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    printed = (printed + text).slice(-KEPT_OUTPUT);
    if (process.env.PATCHLIGHT_DEBUG !== undefined) process.stderr.write(text);
  });
  child.on('message', (message: EngineMessage) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'failed') failed = message.error;
    else if (message.kind === 'bytes') connections.get(message.connection)?.receive(message.bytes);
    else if (message.kind === 'close') connections.get(message.connection)?.end();
  });
  const ended = endOf(child).then((reason): EngineEnd => {
    for (const connection of connections.values()) connection.end();
    return { reason: `${reason}\n${printed}`.trim(), ...(failed === undefined ? {} : { error: failed }) };
  });
  send({ kind: 'start', start });

  let opened = 0;
  const open = (role: 'page' | 'control'): BinaryPort => {
    opened += 1;
    const number = opened;
    const connection = new Connection(
      (bytes) => send({ kind: 'bytes', connection: number, bytes }),
      () => {
        connections.delete(number);
        send({ kind: 'close', connection: number });
      },
    );
    connections.set(number, connection);
    send({ kind: 'open', role, connection: number });
    if (!child.connected) connection.end();
    return connection;
  };
  return {
    ready: ready.promise,
    ended,
    openControl: () => valuesOver(open('control')),
    openPage: () => open('page'),
    kill: () => void child.kill('SIGKILL'),
  };
}

async function endOf(child: ReturnType<typeof fork>): Promise<string> {
  try {
    const [code, signal] = await once(child, 'close');
    return `The process ended with ${signal ?? `code ${code}`}.`;
  } catch (thrown) {
    return `The process did not start: ${thrown}`;
  }
}

/** One connection among those that share the channel to the child. */
class Connection implements BinaryPort {
  readonly #send: (bytes: Uint8Array) => void;
  readonly #closed: () => void;
  #waiting: Uint8Array[] = [];
  #receive: ((bytes: Uint8Array) => void) | undefined;
  #ended: (() => void) | undefined;
  #open = true;

  constructor(send: (bytes: Uint8Array) => void, closed: () => void) {
    this.#send = send;
    this.#closed = closed;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#open) this.#send(bytes);
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#receive = listener;
    for (const bytes of this.#waiting.splice(0)) listener(bytes);
  }

  onClose(listener: () => void): void {
    this.#ended = listener;
    if (!this.#open) listener();
  }

  close(): void {
    this.end();
  }

  receive(bytes: Uint8Array): void {
    if (this.#receive === undefined) this.#waiting.push(bytes);
    else this.#receive(bytes);
  }

  /** Also when the other side has closed it. */
  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed();
    this.#ended?.();
  }
}
