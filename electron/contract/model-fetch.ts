import { z } from 'zod';
import { modelNameSchema } from './analysis-request.ts';
import { errorDataSchema } from './error-data.ts';
import { checkpointHintsSchema, modelImportEventSchema } from './models.ts';

/** Where a checkpoint is: a Hugging Face repository (`owner/name`, `owner/name@revision`), or an address. */
export const fetchSourceSchema = z.string().min(1).max(2000);

/** A licence, as it is shown before anything under it is fetched. */
export const licenceSchema = z.object({
  /** What has to be accepted. An SPDX id where the publisher names such a licence; `unknown` where nobody says. */
  id: z.string().min(1).max(200),
  name: z.string(),
  /** Where its text is; null where that is not known. */
  url: z.string().nullable(),
  /** What it asks for, in a few words. They are not the licence. */
  conditions: z.array(z.string()),
});
export type Licence = z.infer<typeof licenceSchema>;

/** A public checkpoint that is known to work. */
export const publicCheckpointSchema = z.object({
  source: fetchSourceSchema,
  title: z.string(),
  /** Whose classes it knows. */
  dataset: z.string(),
  classes: z.int(),
  input: z.string(),
  /** 10⁹ multiply-accumulates of a view with every token. */
  gmacs: z.number(),
  /** About so many have to be fetched. */
  bytes: z.number(),
  /** Share of Kinetics' validation videos that its authors found named rightly, 0–1, by three crops of one clip. */
  top1: z.number(),
  licence: licenceSchema,
  /** For people. */
  page: z.url(),
  /** What the model may be called. */
  name: modelNameSchema,
});
export type PublicCheckpoint = z.infer<typeof publicCheckpointSchema>;

/** A fetch that was begun and broke off. Asked for again, it goes on from there. */
export const unfinishedFetchSchema = z.object({
  source: fetchSourceSchema,
  title: z.string(),
  bytesDone: z.number(),
  /** Null where the server does not say. */
  bytesTotal: z.number().nullable(),
});
export type UnfinishedFetch = z.infer<typeof unfinishedFetchSchema>;

export const catalogueSchema = z.object({
  checkpoints: z.array(publicCheckpointSchema),
  unfinished: z.array(unfinishedFetchSchema),
});
export type Catalogue = z.infer<typeof catalogueSchema>;

/** What a source says of itself: everything that a person should know before fetching from it. */
export const fetchOfferSchema = z.object({
  /** As it is asked for from now on. */
  source: fetchSourceSchema,
  title: z.string(),
  /** For people. */
  page: z.string(),
  /** The commit that is fetched; null for addresses. */
  revision: z.string().nullable(),
  files: z.array(
    z.object({
      name: z.string(),
      bytes: z.number().nullable(),
      /** As the publisher states it; null where nobody does. */
      sha256: z.string().nullable(),
    }),
  ),
  licence: licenceSchema,
  /** What the model may be called. */
  name: modelNameSchema,
  /** At hand from an earlier fetch. */
  bytesKept: z.number(),
});
export type FetchOffer = z.infer<typeof fetchOfferSchema>;

export const modelFetchSchema = checkpointHintsSchema.extend({
  source: fetchSourceSchema,
  name: modelNameSchema,
  /** The id of the licence that was shown and accepted. */
  acceptedLicence: z.string().max(200),
});
export type ModelFetch = z.infer<typeof modelFetchSchema>;

/** A file that has arrived whole. */
const fetchedFileSchema = z.object({
  name: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  /** The publisher states the same checksum. */
  verified: z.boolean(),
});
export type FetchedFile = z.infer<typeof fetchedFileSchema>;

/**
 * What a fetch says: downloads, then what an import says. What has arrived is kept when it fails or is cancelled, until it is
 * discarded; of the import nothing is left then.
 */
export const modelFetchEventSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('download'),
    file: z.string(),
    /** Of all files, those of earlier tries included. */
    bytesDone: z.number(),
    bytesTotal: z.number().nullable(),
    /** Null until it can be told. */
    bytesPerSecond: z.number().nullable(),
  }),
  /** The connection was lost; it goes on from there in a moment. */
  z.object({ type: z.literal('retry'), seconds: z.number(), reason: errorDataSchema }),
  /** The checksum of a file that has arrived is being computed. */
  z.object({ type: z.literal('checksum'), file: z.string() }),
  z.object({ type: z.literal('downloaded'), files: z.array(fetchedFileSchema) }),
  ...modelImportEventSchema.options,
]);
export type ModelFetchEvent = z.infer<typeof modelFetchEventSchema>;
