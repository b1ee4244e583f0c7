import { z } from 'zod';
import { provenanceSchema } from '../results/provenance.ts';
import { randomSchema } from './tables/random.ts';
import { thresholdsSchema } from './tables/thresholds.ts';

const formatVersion = z.literal(1);
const provenance = provenanceSchema;

/** `<table>.json` in the results of a bundle. */
export const resultSchema = z.discriminatedUnion('table', [
  z.strictObject({ formatVersion, ...thresholdsSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...randomSchema.shape, provenance }),
]);
export type Result = z.infer<typeof resultSchema>;
export type TableName = Result['table'];

/** The document about one table. */
export type ResultOf<Name extends TableName> = Extract<Result, { table: Name }>;
