import { DeviceUnavailableError } from '#contract/errors.ts';
import type { InferenceWorker } from './inference-worker.ts';
import { IsolatedTrial, type TrialOptions } from './isolated-trial.ts';
import {
  DEVICE_TITLES,
  DEVICES_BY_SPEED,
  type DeviceName,
  type Precision,
  type Refusal,
  type Target,
} from './target.ts';
import { tryDevice } from './try-device.ts';

export type DeviceRequest = 'auto' | DeviceName;
export type PrecisionRequest = 'auto' | Precision;

/** The target to use, and what would have been preferred to it. */
export interface DeviceChoice {
  readonly target: Target;
  readonly refused: readonly Refusal[];
}

export interface ChoiceOptions extends TrialOptions {
  readonly device: DeviceRequest;
  /** The worker that will compute; the CPU is tried in it. */
  readonly worker: InferenceWorker;
}

/**
 * Finds the device and precision to compute with, by trying.
 *
 * `auto` takes the first of CUDA, DirectML, CoreML and WebGPU that computes small graphs right and is faster than
 * the CPU at a larger one (which a graphics adapter emulated in software is not); otherwise the CPU.
 *
 * @throws DeviceUnavailableError when a device or precision that was asked for by name does not work.
 */
export async function chooseDevice(options: ChoiceOptions): Promise<DeviceChoice> {
  const builtIn = await options.worker.devices();
  if (options.device === 'auto') return await chooseFastest(options, builtIn);
  if (!builtIn.includes(options.device)) {
    const titles = builtIn.map((device) => DEVICE_TITLES[device]).join(', ');
    const reason = `onnxruntime has only ${titles} on ${process.platform} ${process.arch}.`;
    throw unavailable({ device: options.device, reason });
  }
  if (options.device === 'cpu') return { target: await cpuTarget(options), refused: [] };
  using trial = new IsolatedTrial(options.device, options);
  return { target: orThrow(await trial.outcome), refused: [] };
}

async function chooseFastest(options: ChoiceOptions, builtIn: readonly DeviceName[]): Promise<DeviceChoice> {
  const candidates = DEVICES_BY_SPEED.filter((device) => device !== 'cpu' && builtIn.includes(device));
  using stack = new DisposableStack();
  // All are tried at once, because most of a trial is waiting; the races against the CPU are run one by one.
  const trials = candidates.map((device) => stack.use(new IsolatedTrial(device, options)));
  const refused: Refusal[] = [];
  for (const trial of trials) {
    const outcome = await trial.outcome;
    const target = 'reason' in outcome ? outcome : await unlessSlow(trial, outcome);
    if (!('reason' in target)) return { target, refused };
    refused.push(target);
  }
  return { target: await cpuTarget(options), refused };
}

async function unlessSlow(trial: IsolatedTrial, target: Target): Promise<Target | Refusal> {
  const speed = await trial.speed(target);
  if ('reason' in speed || speed.deviceMs < speed.cpuMs) return 'reason' in speed ? speed : target;
  const times = (speed.deviceMs / speed.cpuMs).toFixed(1);
  const reason = `It works, but takes ${times} times as long as the CPU here; perhaps it is emulated in software.`;
  return { device: target.device, reason };
}

/** The CPU computes in 32 bits unless told otherwise: for 16 it converts back and forth, and is slower. */
async function cpuTarget({ worker, precision, threads }: ChoiceOptions): Promise<Target> {
  return orThrow(await tryDevice(worker, 'cpu', precision === 'auto' ? 'fp32' : precision, threads));
}

function orThrow(outcome: Target | Refusal): Target {
  if ('reason' in outcome) throw unavailable(outcome);
  return outcome;
}

function unavailable({ device, reason }: Refusal): DeviceUnavailableError {
  return new DeviceUnavailableError(`${DEVICE_TITLES[device]} cannot be used. ${reason}`, {
    hint: 'Choose auto (--device auto), which takes the fastest device that works, or cpu.',
  });
}
