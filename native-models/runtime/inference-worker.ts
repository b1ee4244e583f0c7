import { InferenceWorkerStoppedError } from '#contract/errors.ts';
import type { Channel } from './channel.ts';
import { WorkerFailure } from './failure.ts';
import type { Feeds, HostTensor } from './host-tensor.ts';
import type { Answers, Outcome, Request, SessionOptions } from './messages.ts';
import type { ModelGraph } from './model-graph.ts';
import type { DeviceName } from './target.ts';

/**
 * A worker as seen from the engine. Every method rejects with {@link WorkerFailure} when the worker says that it
 * failed, and with {@link InferenceWorkerStoppedError} when the worker is gone.
 */
export interface InferenceWorker extends AsyncDisposable {
  /** False once the worker is gone; it does not come back. */
  readonly alive: boolean;
  /** The devices that onnxruntime was built for on this platform, fastest first. */
  devices(): Promise<readonly DeviceName[]>;
  /** Makes a session under a number that the caller has not used before. */
  open(session: number, graph: ModelGraph, options: SessionOptions): Promise<void>;
  /** `feeds` are copied. */
  run(session: number, feeds: Feeds): Promise<Outcome>;
  close(session: number): Promise<void>;
  /** Gives the worker up without waiting for it. */
  abandon(): void;
}

interface Pending {
  readonly resolve: (answer: never) => void;
  readonly reject: (reason: Error) => void;
}

/** The worker at the other end of `channel`. */
export class ChannelWorker implements InferenceWorker {
  readonly #channel: Channel;
  readonly #pending = new Map<number, Pending>();
  #nextId = 0;
  #gone: string | undefined;
  readonly #whenGone: Promise<void>;

  constructor(channel: Channel) {
    this.#channel = channel;
    channel.onReply((reply) => {
      const pending = this.#pending.get(reply.id);
      this.#forget(reply.id);
      if (reply.ok) pending?.resolve(reply.answer as never);
      else pending?.reject(new WorkerFailure(reply.failure));
    });
    this.#whenGone = new Promise((resolve) => {
      channel.onGone((reason) => {
        this.#gone = reason;
        for (const [id, pending] of this.#pending) {
          this.#forget(id);
          pending.reject(workerStopped(reason));
        }
        resolve();
      });
    });
  }

  get alive(): boolean {
    return this.#gone === undefined;
  }

  devices(): Promise<readonly DeviceName[]> {
    return this.#ask({ kind: 'devices' });
  }

  open(session: number, graph: ModelGraph, options: SessionOptions): Promise<void> {
    return this.#ask({ kind: 'open', session, graph, options });
  }

  run(session: number, feeds: Feeds): Promise<Outcome> {
    const copies = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, copyOf(tensor)]));
    const buffers = Object.values(copies).map((copy) => copy.data.buffer);
    return this.#ask({ kind: 'run', session, feeds: copies }, buffers);
  }

  close(session: number): Promise<void> {
    return this.#ask({ kind: 'close', session });
  }

  abandon(): void {
    this.#channel.abandon();
  }

  /** Waits for what is under way, and for the worker's end. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#gone === undefined) {
      try {
        await this.#ask({ kind: 'stop' });
      } catch {
        // A worker that dies of being stopped has stopped.
      }
      this.#channel.keepAlive(true);
      this.#channel.abandon();
    }
    await this.#whenGone;
  }

  #ask<R extends Request>(request: R, buffers: readonly ArrayBuffer[] = []): Promise<Answers[R['kind']]> {
    if (this.#gone !== undefined) return Promise.reject(workerStopped(this.#gone));
    return new Promise((resolve, reject) => {
      this.#nextId += 1;
      this.#pending.set(this.#nextId, { resolve, reject });
      this.#channel.keepAlive(true);
      this.#channel.send({ id: this.#nextId, request }, buffers);
    });
  }

  #forget(id: number): void {
    this.#pending.delete(id);
    if (this.#pending.size === 0) this.#channel.keepAlive(false);
  }
}

function workerStopped(reason: string): InferenceWorkerStoppedError {
  return new InferenceWorkerStoppedError('The part of the program that runs the model stopped unexpectedly.', {
    hint: 'Try again; it is started anew. If it happens again, a smaller model or --device cpu may help.',
    detail: reason,
  });
}

// Copying the few numbers of a view and handing the copy over is cheaper than a structured clone, which copies twice
// and takes the whole buffer behind a view.
function copyOf(tensor: HostTensor): HostTensor & { readonly data: { readonly buffer: ArrayBuffer } } {
  const { dtype, dims, data } = tensor;
  return { dtype, dims, data: data.slice() };
}
