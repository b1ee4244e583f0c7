import { z } from 'zod';
import { RequestInvalidError, TooManyCallsError, toErrorData, UnknownProcedureError } from '#contract/errors.ts';
import type { Api, Call, Implementation, Procedure } from './api.ts';
import { Credit } from './credit.ts';
import { type ClientFrame, clientFrameSchema, type ServerFrame } from './frames.ts';
import type { Port } from './port.ts';

/** A page has a few dozen calls under way; whoever has more is broken or hostile. */
const MOST_CALLS = 512;

type AnyHandler = (input: unknown, call: Call) => unknown;

/**
 * Answers the calls that come through `port`, until it closes; then all work under way is aborted.
 *
 * Inputs are checked against the contract before any handler sees them, and results before they leave. Whatever a handler
 * throws becomes error data. A message that is no frame at all closes the connection.
 */
export function serveApi<A extends Api>(api: A, implementation: Implementation<A>, port: Port): void {
  const connection = new ServedConnection(api, implementation, port);
  port.onClose(() => connection.abandon());
  port.onMessage((message) => connection.receive(message));
}

interface RunningCall {
  readonly controller: AbortController;
  readonly credit: Credit;
}

class ServedConnection<A extends Api> {
  readonly #api: A;
  readonly #implementation: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly #port: Port;
  readonly #calls = new Map<number, RunningCall>();
  #lastId = 0;

  constructor(api: A, implementation: Implementation<A>, port: Port) {
    this.#api = api;
    this.#implementation = implementation;
    this.#port = port;
  }

  receive(message: unknown): void {
    const frame = clientFrameSchema.safeParse(message);
    if (!frame.success) this.#breakOff();
    else if (frame.data.type === 'call') this.#call(frame.data);
    // Of calls that are over, since both sides may end one at the same time.
    else if (frame.data.type === 'cancel') cancel(this.#calls.get(frame.data.id));
    else this.#calls.get(frame.data.id)?.credit.add(frame.data.credit);
  }

  abandon(): void {
    for (const running of this.#calls.values()) cancel(running);
  }

  #call(frame: Extract<ClientFrame, { type: 'call' }>): void {
    const { id } = frame;
    // Numbers only grow, so that no frame can be taken for one of another call.
    if (id <= this.#lastId) {
      this.#breakOff();
      return;
    }
    this.#lastId = id;
    const running = { controller: new AbortController(), credit: new Credit(frame.credit ?? 0) };
    const { signal } = running.controller;
    const work = this.#calls.size >= MOST_CALLS ? refuse() : this.#answer(frame, running);
    this.#calls.set(id, running);
    work
      .catch((thrown: unknown) => {
        if (!signal.aborted) this.#send({ type: 'error', id, error: toErrorData(thrown) });
      })
      .finally(() => this.#calls.delete(id));
  }

  async #answer(frame: Extract<ClientFrame, { type: 'call' }>, { controller, credit }: RunningCall): Promise<void> {
    const { id } = frame;
    const { signal } = controller;
    const { definition, handler } = this.#find(frame.procedure);
    const input = definition.input.safeParse(frame.input);
    if (!input.success) {
      throw new RequestInvalidError(`${frame.procedure} was asked for in a way that it does not understand.`, {
        hint: 'This is a mistake in Patchlight, or its parts are of different versions. Start it again.',
        detail: z.prettifyError(input.error),
      });
    }
    if (definition.kind === 'request') {
      const value = definition.output.parse(await handler(input.data, { signal }));
      if (!signal.aborted) this.#send({ type: 'result', id, value });
      return;
    }
    const items = (handler(input.data, { signal }) as AsyncIterable<unknown>)[Symbol.asyncIterator]();
    try {
      while (await credit.take()) {
        const { done, value } = await items.next();
        if (signal.aborted) return;
        if (done === true) {
          this.#send({ type: 'end', id });
          return;
        }
        this.#send({ type: 'item', id, value: definition.item.parse(value) });
      }
    } finally {
      await items.return?.();
    }
  }

  #find(procedure: string): { readonly definition: Procedure; readonly handler: AnyHandler } {
    const [group = '', name = '', ...rest] = procedure.split('.');
    // Own properties only: `constructor` is no procedure.
    const definition =
      Object.hasOwn(this.#api, group) && rest.length === 0 ? ownValue(this.#api[group], name) : undefined;
    const handler = ownValue(this.#implementation[group], name);
    if (definition === undefined || handler === undefined) {
      throw new UnknownProcedureError(`There is no procedure called ${procedure}.`, {
        hint: 'The parts of Patchlight are of different versions. Start it again.',
      });
    }
    return { definition, handler: handler as AnyHandler };
  }

  #send(frame: ServerFrame): void {
    this.#port.send(frame);
  }

  #breakOff(): void {
    this.abandon();
    this.#port.close();
  }
}

function ownValue<T>(object: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
}

async function refuse(): Promise<never> {
  throw new TooManyCallsError(`More than ${MOST_CALLS} calls are under way at the same time.`, {
    hint: 'Reload the window.',
  });
}

function cancel(running: RunningCall | undefined): void {
  running?.controller.abort(new DOMException('The caller does not want it any more.', 'AbortError'));
  running?.credit.close();
}
