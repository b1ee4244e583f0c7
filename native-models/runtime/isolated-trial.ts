import { InferenceWorkerStoppedError } from '#contract/errors.ts';
import type { InferenceWorker } from './inference-worker.ts';
import type { DeviceName, Precision, Refusal, Target } from './target.ts';
import { type Speed, timeDevice, tryDevice } from './try-device.ts';

export interface TrialOptions {
  readonly precision: Precision | 'auto';
  readonly threads: number;
  /** Makes a worker for one trial. */
  readonly startTrial: () => InferenceWorker;
  /** How long a trial may take: drivers hang. */
  readonly patienceMs: number;
}

/** A device being tried in a worker of its own, which may hang or crash, and is given up at the end. */
export class IsolatedTrial implements Disposable {
  readonly device: DeviceName;
  /** Never rejects. */
  readonly outcome: Promise<Target | Refusal>;
  readonly #worker: InferenceWorker;
  readonly #options: TrialOptions;

  constructor(device: DeviceName, options: TrialOptions) {
    this.device = device;
    this.#options = options;
    this.#worker = options.startTrial();
    this.outcome = this.#within(tryDevice(this.#worker, device, options.precision, options.threads));
  }

  /** The race of `target` against the CPU. Never rejects. */
  speed(target: Target): Promise<Speed | Refusal> {
    return this.#within(timeDevice(this.#worker, target, this.#options.threads));
  }

  [Symbol.dispose](): void {
    this.#worker.abandon();
  }

  async #within<T>(work: Promise<T>): Promise<T | Refusal> {
    const { device } = this;
    const { patienceMs } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<Refusal>((resolve) => {
      timer = setTimeout(() => {
        resolve({ device, reason: `It gave no answer within ${patienceMs / 1000} s.` });
        this.#worker.abandon();
      }, patienceMs);
    });
    try {
      return await Promise.race([work, patience]);
    } catch (thrown) {
      const said = thrown instanceof InferenceWorkerStoppedError ? thrown.detail : String(thrown);
      return { device, reason: `It crashed while it was tried. ${said ?? ''}`.trim() };
    } finally {
      clearTimeout(timer);
    }
  }
}
