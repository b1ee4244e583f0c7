import { z } from 'zod';
import { provenanceSchema } from '../results/provenance.ts';
import { gumbelSchema } from './tables/gumbel.ts';
import { mapsSchema } from './tables/maps.ts';
import { peersSchema } from './tables/peers.ts';
import { randomSchema } from './tables/random.ts';
import { rewardsSchema } from './tables/rewards.ts';
import { thresholdsSchema } from './tables/thresholds.ts';

const formatVersion = z.literal(1);
const provenance = provenanceSchema;

/** `<table>.json` in the results of a bundle. */
export const resultSchema = z.discriminatedUnion('table', [
  z.strictObject({ formatVersion, ...thresholdsSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...randomSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...peersSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...mapsSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...rewardsSchema.shape, provenance }),
  z.strictObject({ formatVersion, ...gumbelSchema.shape, provenance }),
]);
export type Result = z.infer<typeof resultSchema>;
export type TableName = Result['table'];

/** The document about one table. */
export type ResultOf<Name extends TableName> = Extract<Result, { table: Name }>;
