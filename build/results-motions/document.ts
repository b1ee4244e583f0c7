import { z } from 'zod';
import { gumbelSchema } from './tables/gumbel.ts';
import { interpretersSchema } from './tables/interpreters.ts';
import { masksSchema } from './tables/masks.ts';
import { randomSchema } from './tables/random.ts';
import { rewardsSchema } from './tables/rewards.ts';
import { singleFrameSchema } from './tables/single-frame.ts';
import { thresholdsSchema } from './tables/thresholds.ts';
import { videoSchema } from './tables/video.ts';

/** Where figures come from: enough to repeat them. */
export const provenanceSchema = z.strictObject({
  bundle: z.strictObject({ name: z.string(), weightsSha256: z.string(), trained: z.boolean() }),
  dataSet: z.strictObject({
    name: z.literal('motions'),
    version: z.int(),
    split: z.literal('test'),
    /** The first of the split, drawn when they were needed. */
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

const formatVersion = z.literal(1);
const provenance = provenanceSchema;

/** `<table>.json` in the results of a bundle. */
export const resultSchema = z.discriminatedUnion('table', [
  z.strictObject({ formatVersion, ...thresholdsSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...randomSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...videoSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...singleFrameSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...masksSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...rewardsSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...gumbelSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...interpretersSchema.shape, provenance }),
]);
export type Result = z.infer<typeof resultSchema>;
export type TableName = Result['table'];

/** The document about one table. */
export type ResultOf<Name extends TableName> = Extract<Result, { table: Name }>;
