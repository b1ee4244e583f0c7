import { z } from 'zod';
import { thisMachine } from '#engine/measurement/this-machine.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { type DrawnDataName, drawnData } from '#native-models/training/drawn-data.ts';

/** Where figures come from: enough to repeat them. */
export const provenanceSchema = z.strictObject({
  bundle: z.strictObject({ name: z.string(), weightsSha256: z.string(), trained: z.boolean() }),
  /** SHA-256 of the weights of other bundles that the table has. */
  beside: z.array(z.string()).default([]),
  dataSet: z.strictObject({
    name: z.literal(['motions', 'shapes']),
    version: z.int(),
    split: z.literal('test'),
    /** The first clips or images of the split, drawn when they were needed. */
    clips: z.int().min(1),
  }),
  /** Of all chance in the table. */
  seeds: z.array(z.int()),
  machine: z.strictObject({ cpu: z.string(), cores: z.int(), memoryGb: z.number(), node: z.string() }),
  device: z.strictObject({ used: z.string(), precision: z.string(), threads: z.int() }),
  /** When the table was finished. */
  date: z.iso.datetime(),
  command: z.string(),
  minutes: z.number().min(0),
});
export type Provenance = z.infer<typeof provenanceSchema>;

/** What was measured, on what. */
export interface Measured {
  readonly data: DrawnDataName;
  readonly bundle: Bundle;
  /** Other bundles that the table has. */
  readonly beside?: readonly Bundle[];
  readonly runtime: InferenceRuntime;
  /** Clips or images of the test split. */
  readonly clips: number;
  readonly seeds: readonly number[];
  /** That measures it, with all that decides how it comes out, and no folders of this machine. */
  readonly command: string;
}

/** @param threads Of the CPU. */
export function provenanceOf(
  { data, bundle, beside = [], runtime, clips, seeds, command }: Measured,
  threads: number,
  minutes: number,
): Provenance {
  const { name, weights, trained } = bundle.manifest;
  const { device, precision } = runtime.target;
  return {
    bundle: { name, weightsSha256: weights.sha256, trained },
    beside: beside.map(shaOf),
    dataSet: { name: data, version: drawnData[data].version, split: 'test', clips },
    seeds: [...seeds],
    machine: thisMachine(),
    device: { used: device, precision, threads },
    date: new Date().toISOString(),
    command,
    minutes: Math.round(10 * minutes) / 10,
  };
}

/** Whether measuring now would be about the same as when `provenance` was written. */
export function isOf({ bundle, beside, dataSet, command }: Provenance, now: Measured): boolean {
  return (
    bundle.weightsSha256 === shaOf(now.bundle) &&
    beside.join() === (now.beside ?? []).map(shaOf).join() &&
    dataSet.version === drawnData[now.data].version &&
    command === now.command
  );
}

const shaOf = ({ manifest }: Bundle): string => manifest.weights.sha256;
