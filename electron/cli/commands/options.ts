import { InvalidArgumentError, Option } from 'commander';
import type { DeviceRequest, PrecisionRequest } from '#native-models/runtime/choose-device.ts';

/** Parsers and options that several commands share. Commander turns what they throw into a usage error (exit code 2). */

/** A number between `least` and `most`. */
export function numberBetween(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isNaN(value) || value < least || value > most) {
      const range =
        most === Number.POSITIVE_INFINITY ? `a number of at least ${least}` : `between ${least} and ${most}`;
      throw new InvalidArgumentError(`It must be ${range}.`);
    }
    return value;
  };
}

/** A whole number of at least `least`. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(Number(text)) || Number(text) < least) {
      throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
    }
    return Number(text);
  };
}

/** Where and how inference runs. */
export interface DeviceOptions {
  readonly device: DeviceRequest;
  readonly precision: PrecisionRequest;
  readonly threads?: number;
}

export const deviceOptions = (): Option[] => [
  new Option('--device <name>', 'where the model runs; auto takes the fastest that works')
    .choices(['auto', 'cpu', 'cuda', 'webgpu', 'dml', 'coreml'])
    .default('auto'),
  new Option('--precision <name>', 'what it computes in; auto takes fp16 where a GPU does it right')
    .choices(['auto', 'fp32', 'fp16'])
    .default('auto'),
  new Option('--threads <n>', 'threads of the CPU (default: one a core)').argParser(wholeNumber(1)),
];
