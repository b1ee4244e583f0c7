import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { type BinaryPort, valuesOver } from '#contract/rpc/binary-port.ts';
import { serveApi } from '#contract/rpc/server.ts';
import { webSocketPort } from '#contract/rpc/web-socket.ts';
import { type ShellImplementation, shellApi } from '#contract/shell-api.ts';
import type { EngineSupervisor } from '#shell/engine-supervisor.ts';

/** Paths of the two sockets that a page opens. */
const SOCKETS = { engine: '/socket/engine', shell: '/socket/shell' } as const;

/** Far more than any call takes; a longer message closes the socket. */
const MOST_BYTES = 4 * 2 ** 20;

/** "Service restart" and "try again later" in the registry of close codes. */
const ENGINE_GONE = 1012;
const ENGINE_NOT_THERE = 1013;

/** The sockets of pages: one to the shell, which outlives the engine, and one that is passed on to the engine. */
export class PageSockets implements Disposable {
  readonly #server = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES, perMessageDeflate: false });
  readonly #supervisor: EngineSupervisor<BinaryPort>;
  readonly #shell: ShellImplementation;

  constructor(supervisor: EngineSupervisor<BinaryPort>, shell: ShellImplementation) {
    this.#supervisor = supervisor;
    this.#shell = shell;
  }

  /** Takes over a connection that asks for a socket at `path`. False when there is none. */
  accept(path: string, request: IncomingMessage, connection: Duplex, head: Buffer): boolean {
    if (path !== SOCKETS.engine && path !== SOCKETS.shell) return false;
    this.#server.handleUpgrade(request, connection, head, (socket) => {
      // A message that is too long, or none at all: the socket closes by itself.
      socket.on('error', () => {});
      if (path === SOCKETS.shell) serveApi(shellApi, this.#shell, valuesOver(webSocketPort(socket)));
      else void this.#connectEngine(socket);
    });
    return true;
  }

  [Symbol.dispose](): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  /** Passes bytes on, both ways, without looking into them. */
  async #connectEngine(socket: WebSocket): Promise<void> {
    const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
    // Until the engine is ready, what the page says waits in the socket.
    socket.pause();
    let engine: BinaryPort;
    try {
      engine = await this.#supervisor.openPage();
    } catch {
      // How the engine is, the page hears from the shell.
      socket.close(ENGINE_NOT_THERE);
      socket.resume();
      return;
    }
    const page = webSocketPort(socket);
    engine.onBytes((bytes) => page.send(bytes as Uint8Array<ArrayBuffer>));
    engine.onClose(() => socket.close(ENGINE_GONE));
    page.onBytes((bytes) => engine.send(bytes as Uint8Array<ArrayBuffer>));
    socket.resume();
    await closed;
    engine.close();
  }
}
