import { type ControlClient, controlApi } from '#contract/control-api.ts';
import { RemoteError } from '#contract/error-data.ts';
import { ConnectionLostError, EngineStoppedError, type ErrorData, toErrorData } from '#contract/errors.ts';
import type { FileId, GrantedFile } from '#contract/files.ts';
import { connectApi } from '#contract/rpc/client.ts';
import type { EngineState } from '#contract/shell-api.ts';
import type { EngineEnd, EngineProcess } from './engine-process.ts';

/** Restarts in a minute; an engine that ends more often would only keep the machine busy. */
const MOST_RESTARTS = 3;
const WINDOW_MS = 60_000;

interface Running<PagePort> {
  readonly process: EngineProcess<PagePort>;
  /** Fulfilled when pages can be connected. */
  readonly control: Promise<ControlClient>;
}

/**
 * Keeps the engine running: starts it, starts it again when it ends unexpectedly, and tells how it is. Files that were
 * granted stay granted, under the same ids, and what was located stays located, so that a video goes on playing meanwhile.
 */
export class EngineSupervisor<PagePort> {
  readonly #start: () => EngineProcess<PagePort>;
  readonly #granted = new Map<string, boolean>();
  readonly #located = new Map<FileId, string>();
  readonly #listeners = new Set<(state: EngineState) => void>();
  #restarts: readonly number[] = [];
  #restartCount = 0;
  #state: EngineState = { state: 'running', restarts: 0 };
  #running: Running<PagePort>;
  #finishing = false;

  constructor(start: () => EngineProcess<PagePort>) {
    this.#start = start;
    this.#running = this.#begin();
  }

  get state(): EngineState {
    return this.#state;
  }

  /** Tells `listener` of every change, until the result is disposed of. */
  onState(listener: (state: EngineState) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * Fulfilled when the engine answers for the first time.
   *
   * @throws EngineStoppedError, or what the engine said when it could not start
   */
  async ready(): Promise<void> {
    await this.#running.control;
  }

  /** @throws EngineStoppedError, ConnectionLostError when it ends meanwhile */
  async openPage(): Promise<PagePort> {
    if (this.#state.state === 'stopped') throw new RemoteError(this.#state.error);
    const { process, control } = this.#running;
    await control;
    return process.openPage();
  }

  /** Lets pages ask for a file, because the user chose it. @throws FileNotFoundError */
  async grant(path: string, temporary = false): Promise<GrantedFile> {
    const client = await this.#running.control;
    const granted = await client.control.grant({ path, temporary });
    this.#granted.set(path, temporary);
    return granted;
  }

  /** Where a file lies that a page asks for. @throws UnknownFileError */
  async locate(file: FileId): Promise<string> {
    const known = this.#located.get(file);
    if (known !== undefined) return known;
    const client = await this.#running.control;
    const { path } = await client.control.locate({ file });
    this.#located.set(file, path);
    return path;
  }

  /** Where the engine keeps what belongs to the user. */
  async dataFolder(): Promise<string> {
    const client = await this.#running.control;
    return (await client.control.dataFolder()).path;
  }

  /** Starts the engine again after it had ended too often. */
  restart(): void {
    if (this.#state.state !== 'stopped') return;
    this.#restarts = [];
    this.#again({ reason: 'The user asked for it.' });
  }

  /** Lets the engine write what it has to write, and ends it. */
  async finish(patienceMs = 10_000): Promise<void> {
    this.#finishing = true;
    const { process, control } = this.#running;
    const signal = AbortSignal.timeout(patienceMs);
    // An engine that is gone, or does not answer, has nothing more to write.
    await control.then((client) => client.control.finish(undefined, { signal })).catch(() => {});
    process.kill();
    await process.ended;
  }

  #begin(): Running<PagePort> {
    const process = this.#start();
    const ended = process.ended.then((end) => {
      throw end.error === undefined ? connectionLost(end) : new RemoteError(end.error);
    });
    const control = Promise.race([this.#connect(process), ended]);
    // Everybody who needs it hears of it; nobody may need it.
    control.catch(() => {});
    const running = { process, control };
    void process.ended.then((end) => {
      if (!this.#finishing && this.#running === running) this.#ended(end);
    });
    return running;
  }

  async #connect(process: EngineProcess<PagePort>): Promise<ControlClient> {
    await process.ready;
    const { client } = connectApi(controlApi, process.openControl());
    for (const [path, temporary] of this.#granted) {
      // What is gone by now is of no use to anybody.
      await client.control.grant({ path, temporary }).catch(() => {});
    }
    this.#tell({ state: 'running', restarts: this.#restartCount });
    return client;
  }

  #ended(end: EngineEnd): void {
    const now = performance.now();
    this.#restarts = this.#restarts.filter((restart) => now - restart < WINDOW_MS);
    if (end.error !== undefined) this.#stop(end.error);
    else if (this.#restarts.length >= MOST_RESTARTS) this.#stop(toErrorData(stoppedTooOften(end)));
    else {
      this.#restarts = [...this.#restarts, now];
      this.#again(end);
    }
  }

  #again({ reason }: EngineEnd): void {
    this.#restartCount += 1;
    this.#tell({ state: 'restarting', restarts: this.#restartCount, reason });
    this.#running = this.#begin();
  }

  #stop(error: ErrorData): void {
    this.#tell({ state: 'stopped', restarts: this.#restartCount, error });
  }

  #tell(state: EngineState): void {
    this.#state = state;
    for (const listener of this.#listeners) listener(state);
  }
}

function connectionLost({ reason }: EngineEnd): ConnectionLostError {
  return new ConnectionLostError('The engine ended while it was needed.', {
    hint: 'It is started again by itself.',
    detail: reason,
  });
}

function stoppedTooOften({ reason }: EngineEnd): EngineStoppedError {
  return new EngineStoppedError(`The engine ended ${MOST_RESTARTS + 1} times within a minute.`, {
    hint: 'Close other programs to free memory, or choose the CPU as device, and start it again.',
    detail: reason,
  });
}
