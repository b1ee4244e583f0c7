import { InvalidArgumentError, Option } from 'commander';
import { UsageError } from '#contract/errors.ts';
import { DEFAULT_MODEL } from '#engine/models/default-model.ts';
import type { DeviceRequest, PrecisionRequest } from '#native-models/runtime/choose-device.ts';
import { SELECTORS, type SelectorName, type SelectorRequest } from '#native-models/selection/selector.ts';

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

/** A whole number from `least` to `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    if (!/^-?\d+$/.test(text) || Number(text) > most || Number(text) < least) {
      const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `between ${least} and ${most}`;
      throw new InvalidArgumentError(`It must be a whole number ${range}.`);
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

/** Which model, how many views of a clip, and how their patches are chosen. */
export interface ModelOptions {
  readonly model: string;
  readonly views: '1' | '3';
  readonly selector?: SelectorName;
  readonly threshold?: number;
  readonly keep?: number;
  readonly seed?: number;
}

export const modelOption = (): Option =>
  new Option('--model <name|dir>', 'model bundle, by name or folder').default(DEFAULT_MODEL);

export const modelOptions = (): Option[] => [
  modelOption(),
  new Option('--views <n>', '1: the centre crop; 3: left, centre and right, averaged').choices(['1', '3']).default('3'),
  new Option('--selector <name>', 'how patches are chosen (default: interpreter where the model has one)').choices(
    SELECTORS,
  ),
  new Option('--threshold <x>', 'keep patches that score above it').argParser(numberBetween(0, 1000)).conflicts('keep'),
  new Option('--keep <ratio>', 'keep this share of the patches, best first').argParser(numberBetween(0, 1)),
  new Option('--seed <n>', 'for --selector random').argParser(wholeNumber(0)),
];

/**
 * Options that choose patches contradict each other.
 *
 * @throws UsageError
 */
export function refuseUnusedRule({
  selector,
  threshold,
  keep,
}: {
  readonly selector?: string | undefined;
  readonly threshold?: unknown;
  readonly keep?: unknown;
}): void {
  if (selector !== 'full' || (threshold ?? keep) === undefined) return;
  throw new UsageError('--selector full keeps every patch, whatever a threshold or a share says.', {
    hint: 'Leave out --threshold and --keep, or choose another selector.',
  });
}

/**
 * Views and selection as the engine is asked for them.
 *
 * @throws UsageError as {@link refuseUnusedRule} does.
 */
export function selectionRequest({ views, selector, threshold, keep, seed }: ModelOptions): {
  readonly views: 1 | 3;
  readonly selector: SelectorRequest;
} {
  refuseUnusedRule({ selector, threshold, keep });
  return { views: views === '1' ? 1 : 3, selector: { name: selector, threshold, keep, seed } };
}
