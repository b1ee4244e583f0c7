import type { EngineMessage, EngineStart, ShellMessage } from '#contract/engine-process.ts';
import type { ErrorData } from '#contract/errors.ts';
import { type BinaryPort, valuesOver } from '#contract/rpc/binary-port.ts';
import { messagePort } from '#contract/rpc/message-port.ts';
import type { Port } from '#contract/rpc/port.ts';
import type { Backend } from '#native-models/runtime/backend.ts';
import { type TrialParent, utilityBackend } from './trial-host.ts';

/** The way from the engine's process to the one that started it. */
export interface ParentLink {
  /** Called once. */
  onStart(listener: (start: EngineStart) => void): void;
  /** Called for every connection that the parent opens, for a page or for itself. */
  onConnection(listener: (role: 'page' | 'control', port: Port) => void): void;
  /** Called when the parent is gone. */
  onGone(listener: () => void): void;
  ready(): void;
  fail(error: ErrorData): void;
  /** Where workers come from; the usual ones when left out. */
  readonly backend?: Backend;
}

/** Electron's utility processes have ports, Node's child processes a channel for messages. */
export function parentLink(): ParentLink {
  const { parentPort } = process as { readonly parentPort?: TrialParent };
  return parentPort === undefined ? forkedLink() : utilityLink(parentPort);
}

/** @param parent A utility process's `process.parentPort`. */
export function utilityLink(parent: TrialParent): ParentLink {
  return {
    onStart(listener) {
      parent.on('message', ({ data }) => {
        const message = data as ShellMessage;
        if (message.kind === 'start') listener(message.start);
      });
    },
    onConnection(listener) {
      parent.on('message', ({ data, ports: [port] }) => {
        const message = data as ShellMessage;
        if (message.kind === 'open' && port !== undefined) listener(message.role, messagePort(port));
      });
    },
    // Utility processes end with their parent.
    onGone() {},
    ready: () => parent.postMessage({ kind: 'ready' }),
    fail: (error) => parent.postMessage({ kind: 'failed', error }),
    backend: utilityBackend(parent),
  };
}

function forkedLink(): ParentLink {
  const connections = new Map<number, Connection>();
  const send = (message: EngineMessage) => {
    // Without a parent there is nobody to tell.
    if (process.connected) process.send?.(message, undefined, undefined, () => {});
  };
  let opened: (role: 'page' | 'control', port: Port) => void = () => {};
  let started: (start: EngineStart) => void = () => {};
  process.on('message', (message: ShellMessage) => {
    if (message.kind === 'start') started(message.start);
    else if (message.kind === 'open') {
      const connection = new Connection(message.connection, send);
      connections.set(message.connection, connection);
      opened(message.role, valuesOver(connection));
    } else if (message.kind === 'bytes') connections.get(message.connection)?.receive(message.bytes);
    else if (message.kind === 'close') {
      connections.get(message.connection)?.end();
      connections.delete(message.connection);
    }
  });
  return {
    onStart(listener) {
      started = listener;
    },
    onConnection(listener) {
      opened = listener;
    },
    onGone: (listener) => process.once('disconnect', listener),
    ready: () => send({ kind: 'ready' }),
    fail: (error) => send({ kind: 'failed', error }),
  };
}

/** One connection among those that share the channel to the parent. */
class Connection implements BinaryPort {
  readonly #number: number;
  readonly #send: (message: EngineMessage) => void;
  #receive: (bytes: Uint8Array) => void = () => {};
  #ended: () => void = () => {};
  #open = true;

  constructor(number: number, send: (message: EngineMessage) => void) {
    this.#number = number;
    this.#send = send;
  }

  send(bytes: Uint8Array<ArrayBuffer>): void {
    if (this.#open) this.#send({ kind: 'bytes', connection: this.#number, bytes });
  }

  onBytes(listener: (bytes: Uint8Array) => void): void {
    this.#receive = listener;
  }

  onClose(listener: () => void): void {
    this.#ended = listener;
  }

  close(): void {
    if (!this.#open) return;
    this.#send({ kind: 'close', connection: this.#number });
    this.end();
  }

  receive(bytes: Uint8Array): void {
    if (this.#open) this.#receive(bytes);
  }

  end(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#ended();
  }
}
