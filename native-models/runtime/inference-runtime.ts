import { availableParallelism } from 'node:os';
import { InferenceWorkerStoppedError } from '#contract/errors.ts';
import { type Backend, ONNXRUNTIME } from './backend.ts';
import { chooseDevice, type DeviceChoice, type DeviceRequest, type PrecisionRequest } from './choose-device.ts';
import { errorOf, WorkerFailure } from './failure.ts';
import type { Results } from './host-tensor.ts';
import type { InferenceWorker } from './inference-worker.ts';
import type { ModelGraph } from './model-graph.ts';
import { ResidentSessions } from './resident-sessions.ts';
import { RestartLimit } from './restart-limit.ts';
import { SerialQueue } from './serial-queue.ts';
import type { FeedsFor, Session } from './session.ts';
import { CPU_TARGET, DEVICE_TITLES, type Refusal, type Target } from './target.ts';

/** Something that the user should know, though the work goes on. */
export interface RuntimeWarning {
  readonly code: 'device-fell-back';
  readonly message: string;
}

export interface RuntimeOptions {
  readonly device: DeviceRequest;
  readonly precision: PrecisionRequest;
  /** Threads of the CPU; as many as there are cores when left out. */
  readonly threads?: number;
  readonly onWarning?: (warning: RuntimeWarning) => void;
  /** Sessions that may be in memory at the same time; {@link SESSIONS} when left out. */
  readonly sessions?: number;
  /** How long trying one device may take. */
  readonly trialPatienceMs?: number;
  readonly backend?: Backend;
}

/** Entry, three groups and the whole of an image model; or stem and both trunks of a video model, twice. */
const SESSIONS = 6;

type Build = (target: Target) => ModelGraph;

/** What happens where a device has too little memory: the CPU takes over for good, or the work fails and the device stays. */
export type WhenShort = 'fall-back' | 'fail';

/**
 * Runs models on the best device of this computer, in a worker, one run at a time.
 *
 * A device that fails while it is used is given up for the CPU, and the failed run is repeated there, so that no
 * result is lost. Sessions are made when they are first needed and made again when the worker or the device changed.
 */
export class InferenceRuntime implements AsyncDisposable {
  /** What was asked for; {@link target} is what came of it. */
  readonly requested: Pick<RuntimeOptions, 'device' | 'precision'>;
  /** Devices that would have been preferred, and why they are not used. */
  readonly refused: readonly Refusal[];
  readonly #backend: Backend;
  readonly #threads: number;
  readonly #listeners = new Set<(warning: RuntimeWarning) => void>();
  readonly #queue = new SerialQueue();
  readonly #resident: ResidentSessions;
  readonly #restarts = new RestartLimit();
  #worker: InferenceWorker;
  #target: Target;
  #nativeMs = 0;

  private constructor(options: RuntimeOptions, backend: Backend, worker: InferenceWorker, choice: DeviceChoice) {
    this.requested = { device: options.device, precision: options.precision };
    this.refused = choice.refused;
    this.#backend = backend;
    this.#threads = options.threads ?? availableParallelism();
    if (options.onWarning !== undefined) this.#listeners.add(options.onWarning);
    this.#resident = new ResidentSessions(options.sessions ?? SESSIONS);
    this.#worker = worker;
    this.#target = choice.target;
  }

  /** @throws DeviceUnavailableError when the device or the precision that was asked for does not work. */
  static async start(options: RuntimeOptions): Promise<InferenceRuntime> {
    const backend = options.backend ?? ONNXRUNTIME;
    const threads = options.threads ?? availableParallelism();
    const worker = backend.startWorker();
    try {
      const { device, precision, trialPatienceMs: patienceMs = 20_000 } = options;
      const startTrial = () => backend.startTrial();
      const choice = await chooseDevice({ device, precision, threads, worker, startTrial, patienceMs });
      return new InferenceRuntime(options, backend, worker, choice);
    } catch (thrown) {
      await worker[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** What the next run will use. Changes to the CPU at most once. */
  get target(): Target {
    return this.#target;
  }

  /** Time spent inside onnxruntime's `run` so far, in milliseconds. */
  get nativeMs(): number {
    return this.#nativeMs;
  }

  /** Tells `listener` what the user should know from now on, until the result is disposed of. */
  onWarning(listener: (warning: RuntimeWarning) => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /**
   * Loads a model.
   *
   * @param name Names the model's content: sessions of the same name share what is in memory.
   * @param build Makes the graph for a target; called again whenever the model has to be loaded again.
   * @param whenShort `fail` for what nothing else depends on.
   * @throws like {@link Session.run}, and FileNotFoundError when the weights cannot be read.
   */
  async open(name: string, build: Build, signal?: AbortSignal, whenShort: WhenShort = 'fall-back'): Promise<Session> {
    const load = (target: Target) => this.#load(name, build, target);
    await this.#queue.run(() => this.#onDevice(load, whenShort, signal), signal);
    let closed = false;
    return {
      name,
      run: async (feeds, signal) => {
        if (closed) throw new Error(`Session "${name}" was closed.`);
        const run = (target: Target) => this.#run(name, build, feeds, target);
        return await this.#queue.run(() => this.#onDevice(run, whenShort, signal), signal);
      },
      close: () => {
        closed = true;
      },
    };
  }

  /** Waits for the run under way; runs that wait are refused. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#queue.refuseWaiting(new Error('The inference runtime was closed.'));
    await this.#queue.run(() => Promise.resolve(this.#worker[Symbol.asyncDispose]()));
  }

  async #run(name: string, build: Build, feeds: FeedsFor, target: Target): Promise<Results> {
    const session = await this.#load(name, build, target);
    const outcome = await this.#worker.run(session, typeof feeds === 'function' ? feeds(target) : feeds);
    this.#nativeMs += outcome.nativeMs;
    return outcome.results;
  }

  /** The number of the session, which is made if the worker does not have it. */
  async #load(name: string, build: Build, target: Target): Promise<number> {
    this.#ensureWorker();
    const known = this.#resident.use(name);
    if (known !== undefined) return known;
    for (const surplus of this.#resident.makeRoom()) await this.#worker.close(surplus);
    const session = this.#resident.number();
    await this.#worker.open(session, build(target), { device: target.device, threads: this.#threads });
    this.#resident.add(name, session);
    return session;
  }

  #ensureWorker(): void {
    if (this.#worker.alive) return;
    this.#resident.clear();
    if (!this.#restarts.allow()) {
      throw new InferenceWorkerStoppedError('The part of the program that runs the model keeps stopping.', {
        hint: 'Close other programs to free memory, choose a smaller model or --device cpu, and start Patchlight again.',
      });
    }
    this.#worker = this.#backend.startWorker();
  }

  /** Does `work` for the current target, and once more for the CPU when the device fails. */
  async #onDevice<T>(work: (target: Target) => Promise<T>, whenShort: WhenShort, signal?: AbortSignal): Promise<T> {
    try {
      return await work(this.#target);
    } catch (thrown) {
      if (thrown instanceof InferenceWorkerStoppedError) this.#queue.refuseWaiting(thrown);
      if (!(thrown instanceof WorkerFailure)) throw thrown;
      const givesUp = thrown.kind === 'device' || (thrown.kind === 'memory' && whenShort === 'fall-back');
      if (!givesUp || this.#target.device === 'cpu') throw errorOf(thrown);
      await this.#fallBack(thrown);
      signal?.throwIfAborted();
      return await this.#onDevice(work, whenShort, signal);
    }
  }

  async #fallBack(failure: WorkerFailure): Promise<void> {
    const { device } = this.#target;
    this.#target = CPU_TARGET;
    for (const session of this.#resident.clear()) {
      // A device that has failed may fail at letting go, too.
      await this.#worker.close(session).catch(() => {});
    }
    const reason = failure.kind === 'memory' ? 'it ran out of memory' : failure.message;
    this.#warn({
      code: 'device-fell-back',
      message: `${DEVICE_TITLES[device]} failed while it was used, and the CPU takes over: ${reason}`,
    });
  }

  #warn(warning: RuntimeWarning): void {
    for (const listener of this.#listeners) listener(warning);
  }
}
