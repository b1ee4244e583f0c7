import { readFile } from 'node:fs/promises';
import { Option } from 'commander';
import { UsageError } from '#contract/errors.ts';
import { wholeNumber } from './options.ts';

/** What checkpoints may not say themselves. */
export interface CheckpointOptions {
  readonly heads?: number;
  readonly interpreterHeads?: number;
  readonly frames?: number;
  readonly samplingRate?: number;
  readonly labels?: string;
}

export const checkpointOptions = (): Option[] => [
  new Option('--heads <n>', 'attention heads (default: one for each 64 of the width)').argParser(wholeNumber(1)),
  new Option('--interpreter-heads <n>', 'heads of the interpreters').argParser(wholeNumber(1)),
  new Option('--frames <n>', 'frames of a clip, for space-only models').argParser(wholeNumber(1)),
  new Option('--sampling-rate <n>', 'every how many frames of 30 a second one is sampled').argParser(wholeNumber(1)),
  new Option('--labels <file>', 'class names, one a line (default: Kinetics-400 or ImageNet-1k, by their number)'),
];

/** @throws UsageError when the file of labels cannot be read. */
export async function checkpointHints({ heads, interpreterHeads, frames, samplingRate, labels }: CheckpointOptions) {
  return {
    heads,
    interpreterHeads,
    numFrames: frames,
    samplingRate,
    labels: labels === undefined ? undefined : await readLabels(labels),
  };
}

async function readLabels(file: string): Promise<string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new UsageError(`The labels file ${file} cannot be read.`, { hint: 'It holds one class name a line.', cause });
  }
  return text.replace(/\r?\n$/, '').split(/\r?\n/);
}
