import { failureOf, WorkerFailure } from './failure.ts';
import type { Answers, NumberedRequest, Reply, Request } from './messages.ts';
import { builtInDevices } from './onnxruntime.ts';
import { OrtSession } from './ort-session.ts';
import { WeightFiles } from './weight-files.ts';

/** What an inference worker does with the requests it gets, wherever it runs. */
export class WorkerService {
  readonly #sessions = new Map<number, OrtSession>();
  readonly #weights = new WeightFiles();
  #last: Promise<unknown> = Promise.resolve();

  /** Answers in the order of asking. Never rejects: what goes wrong is a reply, too. */
  reply(numbered: NumberedRequest): Promise<Reply> {
    const reply = this.#last.then(() => this.#reply(numbered));
    this.#last = reply;
    return reply;
  }

  async #reply({ id, request }: NumberedRequest): Promise<Reply> {
    try {
      return { id, ok: true, answer: await this.#answer(request) };
    } catch (thrown) {
      return { id, ok: false, failure: failureOf(thrown) };
    }
  }

  async #answer(request: Request): Promise<Answers[Request['kind']]> {
    switch (request.kind) {
      case 'devices':
        return builtInDevices();
      case 'open':
        return await this.#open(request);
      case 'run':
        await this.#weights.release();
        return await this.#session(request.session).run(request.feeds);
      case 'close':
        return await this.#close(request.session);
      case 'stop':
        await this.#weights.release();
        for (const session of [...this.#sessions.keys()]) await this.#close(session);
        return undefined;
    }
  }

  async #open({ session, graph, options }: Request & { kind: 'open' }): Promise<undefined> {
    const files = [];
    for (const { name, path } of graph.files) files.push({ path: name, data: await this.#weights.read(path) });
    try {
      this.#sessions.set(session, await OrtSession.create(graph.bytes, files, options));
    } finally {
      this.#weights.releaseSoon();
    }
    return undefined;
  }

  async #close(session: number): Promise<undefined> {
    const open = this.#sessions.get(session);
    this.#sessions.delete(session);
    await open?.release();
    return undefined;
  }

  #session(session: number): OrtSession {
    const open = this.#sessions.get(session);
    if (open === undefined) throw new WorkerFailure({ kind: 'device', message: `Session ${session} is not open.` });
    return open;
  }
}

/** The buffers of a reply, which can be handed over instead of copied. */
export function buffersOf(reply: Reply): ArrayBuffer[] {
  if (!reply.ok || reply.answer === undefined || !('results' in reply.answer)) return [];
  const buffers = Object.values(reply.answer.results).map((tensor) => tensor.data.buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}
