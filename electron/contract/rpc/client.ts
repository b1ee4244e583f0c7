import { RemoteError } from '#contract/error-data.ts';
import { ConnectionLostError } from '#contract/errors.ts';
import type { Api, CallOptions, Client } from './api.ts';
import { type ClientFrame, type ServerFrame, serverFrameSchema } from './frames.ts';
import type { Port } from './port.ts';

/** Items of a stream that may be on their way. */
const WINDOW = 32;

/** A connection to the side that answers. */
export interface Connection<A extends Api> {
  readonly client: Client<A>;
  /** Fulfilled when the connection is over, whichever side ended it. */
  readonly closed: Promise<void>;
  close(): void;
}

/**
 * Asks through `port` what `api` allows.
 *
 * A call that is cancelled rejects with its signal's reason at once. When the connection ends, everything under way rejects
 * with {@link ConnectionLostError}. What the other side throws arrives as {@link RemoteError} with the code of the original.
 */
export function connectApi<A extends Api>(api: A, port: Port): Connection<A> {
  const calls = new Calls(port);
  const groups = Object.entries(api).map(([group, procedures]) => {
    const callers = Object.entries(procedures).map(([name, { kind }]) => {
      const procedure = `${group}.${name}`;
      const caller =
        kind === 'request'
          ? (input?: unknown, options?: CallOptions) => calls.request(procedure, input, options?.signal)
          : (input?: unknown, options?: CallOptions) => calls.stream(procedure, input, options?.signal);
      return [name, caller] as const;
    });
    return [group, Object.fromEntries(callers)] as const;
  });
  return {
    client: Object.fromEntries(groups) as Client<A>,
    closed: calls.closed,
    close: () => port.close(),
  };
}

/** Who waits for the answers to one call. */
interface Waiting {
  answer(frame: ServerFrame): void;
  fail(reason: unknown): void;
}

class Calls {
  readonly closed: Promise<void>;
  readonly #port: Port;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #lost = false;

  constructor(port: Port) {
    this.#port = port;
    this.closed = new Promise((resolve) => {
      port.onClose(() => {
        this.#lost = true;
        for (const waiting of this.#waiting.values()) waiting.fail(connectionLost());
        this.#waiting.clear();
        resolve();
      });
    });
    port.onMessage((message) => {
      const frame = serverFrameSchema.safeParse(message);
      if (frame.success) this.#waiting.get(frame.data.id)?.answer(frame.data);
      else port.close();
    });
  }

  request(procedure: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const call = this.#begin({ procedure, input }, signal, {
        answer: (frame) => {
          call.over();
          if (frame.type === 'error') reject(new RemoteError(frame.error));
          else resolve(frame.type === 'result' ? frame.value : undefined);
        },
        fail: reject,
      });
    });
  }

  async *stream(procedure: string, input: unknown, signal?: AbortSignal): AsyncGenerator<unknown, void, undefined> {
    const arrived: ServerFrame[] = [];
    let failure: { readonly reason: unknown } | undefined;
    let wake = () => {};
    const call = this.#begin({ procedure, input, credit: WINDOW }, signal, {
      answer: (frame) => {
        arrived.push(frame);
        wake();
      },
      fail: (reason) => {
        failure = { reason };
        wake();
      },
    });
    let used = 0;
    try {
      for (;;) {
        if (failure !== undefined) throw failure.reason;
        const frame = arrived.shift();
        if (frame === undefined) {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        } else if (frame.type === 'item') {
          yield frame.value;
          used += 1;
          // A few at a time: a message for each item would double their number.
          if (used === WINDOW / 2) {
            this.#send({ type: 'credit', id: call.id, credit: used });
            used = 0;
          }
        } else {
          call.over();
          if (frame.type === 'error') throw new RemoteError(frame.error);
          return;
        }
      }
    } finally {
      call.cancel();
    }
  }

  /** Sends a call. `cancel` tells the other side that nobody waits any more, unless the call is over. */
  #begin(
    { procedure, input, credit }: { procedure: string; input: unknown; credit?: number },
    signal: AbortSignal | undefined,
    waiting: Waiting,
  ): { readonly id: number; over(): void; cancel(): void } {
    this.#lastId += 1;
    const id = this.#lastId;
    const over = () => {
      this.#waiting.delete(id);
      signal?.removeEventListener('abort', abort);
    };
    const cancel = () => {
      if (this.#waiting.has(id)) this.#send({ type: 'cancel', id });
      over();
    };
    const abort = () => {
      cancel();
      waiting.fail(signal?.reason);
    };
    if (signal?.aborted) waiting.fail(signal.reason);
    else if (this.#lost) waiting.fail(connectionLost());
    else {
      this.#waiting.set(id, waiting);
      signal?.addEventListener('abort', abort, { once: true });
      this.#send({ type: 'call', id, procedure, input, ...(credit === undefined ? {} : { credit }) });
    }
    return { id, over, cancel };
  }

  #send(frame: ClientFrame): void {
    this.#port.send(frame);
  }
}

function connectionLost(): ConnectionLostError {
  return new ConnectionLostError('The connection to the engine was lost.', {
    hint: 'It is made again by itself; if not, start Patchlight again.',
  });
}
