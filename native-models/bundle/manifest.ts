import { z } from 'zod';

/**
 * `manifest.json` of a model bundle: everything that is needed to build the graphs and to prepare their input.
 *
 * @see the README's section "Model bundles"
 */

const positive = z.int().min(1).max(1_000_000);

/** How blocks attend (Bertasius, Wang, Torresani 2021, section 3). */
export const attentionTypeSchema = z.enum(['joint_space_time', 'divided_space_time', 'space_only']);
export type AttentionType = z.infer<typeof attentionTypeSchema>;

const transformerShape = {
  imageSize: positive,
  patchSize: positive,
  dim: positive,
  depth: positive,
  heads: positive,
  mlpDim: positive,
  classes: positive,
  layerNormEps: z.number().positive().max(1),
};

export const timesformerConfigSchema = z.strictObject({
  kind: z.literal('timesformer'),
  attention: attentionTypeSchema,
  numFrames: positive,
  ...transformerShape,
});
export type TimesformerConfig = z.infer<typeof timesformerConfigSchema>;

export const deitConfigSchema = z.strictObject({
  kind: z.literal('deit'),
  ...transformerShape,
  /** Linformer attention: to so many mixtures of the tokens instead of to the tokens. Came with format version 4. */
  linformer: positive.exactOptional(),
});
export type DeitConfig = z.infer<typeof deitConfigSchema>;

export const architectureSchema = z
  .discriminatedUnion('kind', [timesformerConfigSchema, deitConfigSchema])
  .refine((a) => a.dim % a.heads === 0, 'heads must divide dim')
  .refine((a) => a.imageSize % a.patchSize === 0, 'patchSize must divide imageSize');
export type Architecture = z.infer<typeof architectureSchema>;

/**
 * What an interpreter sees of a token: the token itself, as in the paper, or also how it changes from frame to frame.
 * Motion-aware ones came with format version 2.
 */
const interpreterKindSchema = z.enum(['token', 'motion-aware']);
export type InterpreterKind = z.infer<typeof interpreterKindSchema>;

/** Interpreters at the entry of groups of blocks (IA-RED², section 3.2). Video models have one group. */
export const selectionSchema = z.strictObject({
  /** Heads of the multi-head interpreter; divides `dim`. */
  heads: positive,
  /** Tokens that score above it are kept. */
  threshold: z.number().min(0).max(1),
  /** `token` when left out. */
  interpreter: interpreterKindSchema.optional(),
  groups: z.array(z.strictObject({ firstBlock: z.int().min(0), blocks: positive })).min(1),
});
export type Selection = z.infer<typeof selectionSchema>;

const rgb = z.tuple([z.number(), z.number(), z.number()]);

/**
 * How an image becomes one of the model's side: it is scaled to `imageSize / cropFraction`, and the middle is cut out. Came
 * with format version 4.
 */
export const resizeSchema = z.strictObject({
  /** What gets the scaled size: the short side, with the image's proportions kept, or both sides. */
  mode: z.enum(['short-side', 'squash']),
  filter: z.enum(['bicubic', 'bilinear']),
  cropFraction: z.number().positive().max(1),
});
export type Resize = z.infer<typeof resizeSchema>;

/** What a model may be called: the same everywhere, and harmless as the name of a folder. */
export const bundleNameSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'lower-case letters, digits, dot, dash and underscore');

/** Where the weights were fetched, and what exactly arrived. Came with format version 3. */
export const fetchedSchema = z.strictObject({
  /** A Hugging Face repository, or an address. */
  source: z.string().min(1),
  /** The commit, where the source has such. */
  revision: z.string().nullable(),
  /** ISO 8601. */
  date: z.iso.datetime(),
  files: z.array(
    z.strictObject({ name: z.string().min(1), bytes: z.int().min(0), sha256: z.string().regex(/^[0-9a-f]{64}$/) }),
  ),
});
export type Fetched = z.infer<typeof fetchedSchema>;

export const manifestSchema = z.strictObject({
  /** The lowest that the bundle can be read with: a Patchlight that knows 1 alone refuses it by this number. */
  formatVersion: z.literal([1, 2, 3, 4]),
  name: bundleNameSchema,
  title: z.string().min(1).max(200),
  architecture: architectureSchema,
  preprocessing: z.strictObject({
    /** Pixels in 0–1 minus `mean`, over `std`, per RGB channel. */
    mean: rgb,
    std: rgb,
    /** Of image models; DeiT's own where it is left out. */
    resize: resizeSchema.optional(),
  }),
  /** One clip spans `samplingRate · numFrames` frames of a 30 frames/s video. `null` for image models. */
  sampling: z.strictObject({ numFrames: positive, samplingRate: positive }).nullable(),
  /** `null`: no interpreter came with the weights. */
  selection: selectionSchema.nullable(),
  /** False while the weights are random numbers. */
  trained: z.boolean(),
  training: z.record(z.string(), z.unknown()).nullable(),
  licence: z.strictObject({ name: z.string().min(1), source: z.string().nullable() }),
  fetched: fetchedSchema.optional(),
  weights: z.strictObject({ file: z.string(), sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: z.int().min(1) }),
  labels: z.string(),
});
export type Manifest = z.infer<typeof manifestSchema>;
