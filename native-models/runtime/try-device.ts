import { WorkerFailure } from './failure.ts';
import type { InferenceWorker } from './inference-worker.ts';
import { readableReason } from './refusal-reason.ts';
import type { DeviceName, Precision, Refusal, Target } from './target.ts';
import {
  attentionTrial,
  operatorTrial,
  speedFeeds,
  speedGraph,
  TOLERANCE,
  type Trial,
  trialError,
} from './trial-graphs.ts';

/** How fast a device is beside the CPU of the same computer. */
export interface Speed {
  readonly deviceMs: number;
  readonly cpuMs: number;
}

/**
 * Runs graphs with known answers on `device`, in `worker`. Rejects only when the worker is gone.
 *
 * @param precision `auto`: 16 bits where they come out right, else 32.
 */
export async function tryDevice(
  worker: InferenceWorker,
  device: DeviceName,
  precision: Precision | 'auto',
  threads: number,
): Promise<Target | Refusal> {
  const bench = new TrialBench(worker, device, threads);
  if (precision !== 'auto') return await bench.tryPrecision(precision);
  const fp32 = await bench.tryPrecision('fp32');
  if ('reason' in fp32) return fp32;
  const fp16 = await bench.tryPrecision('fp16');
  return 'reason' in fp16 ? fp32 : fp16;
}

/** Rows of {@link speedGraph}: a taste, and enough for a device to show what it can do. */
const [FEW_ROWS, MANY_ROWS] = [16, 256];

/** A device this many times slower than the CPU at few rows, where starting counts most, will not win at many. */
const HOPELESS = 20;

/** Times `target` against the CPU with the matrix products of a real model. */
export async function timeDevice(worker: InferenceWorker, target: Target, threads: number): Promise<Speed> {
  const cpu = new TrialBench(worker, 'cpu', threads);
  const device = new TrialBench(worker, target.device, threads);
  const race = async (rows: number): Promise<Speed> => {
    const cpuMs = await cpu.time('fp32', rows);
    return { cpuMs, deviceMs: await device.time(target.precision, rows) };
  };
  const taste = await race(FEW_ROWS);
  return taste.deviceMs > HOPELESS * taste.cpuMs ? taste : await race(MANY_ROWS);
}

class TrialBench {
  readonly #worker: InferenceWorker;
  readonly #device: DeviceName;
  readonly #threads: number;

  constructor(worker: InferenceWorker, device: DeviceName, threads: number) {
    this.#worker = worker;
    this.#device = device;
    this.#threads = threads;
  }

  async tryPrecision(precision: Precision): Promise<Target | Refusal> {
    const reason = await this.#problemWith(operatorTrial(precision), TOLERANCE[precision]);
    if (reason !== null) return { device: this.#device, reason };
    // CoreML has no fused attention: onnxruntime would compute it on the CPU, behind our back.
    const fusedAttention =
      this.#device !== 'coreml' && (await this.#problemWith(attentionTrial(precision), TOLERANCE[precision])) === null;
    return { device: this.#device, precision, fusedAttention };
  }

  /** Best of three runs, after one in which the device compiles what it needs. */
  async time(precision: Precision, rows: number): Promise<number> {
    const feeds = speedFeeds(precision, rows);
    return await this.#withSession(speedGraph(precision), async (session) => {
      const times = [];
      for (let run = 0; run < 4; run += 1) times.push((await this.#worker.run(session, feeds)).nativeMs);
      return Math.min(...times.slice(1));
    });
  }

  /** A sentence that says what went wrong, or null. */
  async #problemWith(trial: Trial, tolerance: number): Promise<string | null> {
    try {
      return await this.#withSession(trial.graph, async (session) => {
        const { y } = (await this.#worker.run(session, trial.feeds)).results;
        const error = y === undefined ? Number.POSITIVE_INFINITY : trialError(trial, y);
        return error <= tolerance ? null : `Its results are wrong, by ${(100 * error).toPrecision(2)} %.`;
      });
    } catch (thrown) {
      if (!(thrown instanceof WorkerFailure)) throw thrown;
      return readableReason(thrown.message);
    }
  }

  async #withSession<T>(graph: Uint8Array, work: (session: number) => Promise<T>): Promise<T> {
    const options = { device: this.#device, threads: this.#threads };
    await this.#worker.open(TRIAL_SESSION, { bytes: graph, files: [] }, options);
    try {
      return await work(TRIAL_SESSION);
    } finally {
      await this.#worker.close(TRIAL_SESSION);
    }
  }
}

/** No model's session has this number, so a trial may run in the worker that computes. */
const TRIAL_SESSION = -1;
