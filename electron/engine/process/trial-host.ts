import type { EngineMessage, ShellMessage } from '#contract/engine-process.ts';
import type { ElectronPortLike } from '#contract/rpc/message-port.ts';
import { type Backend, ONNXRUNTIME } from '#native-models/runtime/backend.ts';
import type { Channel } from '#native-models/runtime/channel.ts';
import { ChannelWorker } from '#native-models/runtime/inference-worker.ts';
import type { NumberedRequest, Reply } from '#native-models/runtime/messages.ts';

/** The way to whoever can start processes of Electron's. */
export interface TrialParent {
  on(
    event: 'message',
    listener: (event: { readonly data: unknown; readonly ports: readonly ElectronPortLike[] }) => void,
  ): void;
  postMessage(message: EngineMessage): void;
}

/**
 * Where workers come from inside Electron's utility process: it computes in a thread as everywhere, and devices are tried in
 * processes that the main process starts, since a driver that crashes would take the engine with it.
 */
export function utilityBackend(parent: TrialParent): Backend {
  const trials = new Map<number, TrialChannel>();
  parent.on('message', ({ data, ports: [port] }) => {
    const message = data as ShellMessage;
    if (message.kind === 'trial' && port !== undefined) trials.get(message.trial)?.connect(port);
    else if (message.kind === 'trial-gone') trials.get(message.trial)?.end(message.reason);
  });
  let started = 0;
  return {
    startWorker: () => ONNXRUNTIME.startWorker(),
    startTrial() {
      started += 1;
      const trial = started;
      const channel = new TrialChannel(() => {
        trials.delete(trial);
        parent.postMessage({ kind: 'trial-over', trial });
      });
      trials.set(trial, channel);
      parent.postMessage({ kind: 'trial', trial });
      return new ChannelWorker(channel);
    },
  };
}

class TrialChannel implements Channel {
  readonly #over: () => void;
  readonly #waiting: NumberedRequest[] = [];
  #port: ElectronPortLike | undefined;
  #reply: (reply: Reply) => void = () => {};
  #gone: (reason: string) => void = () => {};
  #ended = false;

  constructor(over: () => void) {
    this.#over = over;
  }

  connect(port: ElectronPortLike): void {
    this.#port = port;
    port.on('message', ({ data }) => this.#reply(data as Reply));
    port.start();
    for (const request of this.#waiting.splice(0)) port.postMessage(request);
  }

  send(request: NumberedRequest): void {
    if (this.#port === undefined) this.#waiting.push(request);
    else this.#port.postMessage(request);
  }

  onReply(listener: (reply: Reply) => void): void {
    this.#reply = listener;
  }

  onGone(listener: (reason: string) => void): void {
    this.#gone = listener;
  }

  /** A utility process lives until its parent ends it. */
  keepAlive(): void {}

  abandon(): void {
    this.end('It was given up.');
  }

  end(reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#port?.close();
    this.#over();
    this.#gone(reason);
  }
}
