import { z } from 'zod';

/**
 * What is kept in the data folder: results and videos' previews of the app, results of the command line (`batch`), models,
 * checkpoints that are not fetched whole (`fetches`), files that a browser was given or has sent (`exchange`), and the rest.
 */
export const storagePartSchema = z.enum(['results', 'previews', 'models', 'fetches', 'batch', 'exchange', 'other']);
export type StoragePart = z.infer<typeof storagePartSchema>;

export const storageUseSchema = z.object({
  /** The data folder. */
  folder: z.string(),
  /** Every part, also those of which nothing is there. */
  bytes: z.record(storagePartSchema, z.number()),
});
export type StorageUse = z.infer<typeof storageUseSchema>;
