import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CheckpointInvalidError, CheckpointMismatchError, FileNotFoundError } from '#contract/errors.ts';
import { type AttentionType, attentionTypeSchema, type Manifest } from '../bundle/manifest.ts';
import {
  preprocessingOfTimm,
  preprocessingOfTransformers,
  processorSchema,
  timmSchema,
} from './image-preprocessing.ts';
import type { ArchitectureHints } from './infer-architecture.ts';

/** Larger than any configuration, small enough to be read without a thought. */
const MAX_TEXT_BYTES = 2 ** 20;

const size = z.int().min(1).max(1_000_000);
const rgb = z.tuple([z.number(), z.number(), z.number()]);

const labelled = { id2label: z.record(z.string(), z.string()).optional() };

const timesformerSchema = z.object({
  attention_type: attentionTypeSchema.default('divided_space_time'),
  num_attention_heads: size,
  num_frames: size.default(8),
  layer_norm_eps: z.number().positive().max(1).default(1e-6),
  hidden_act: z.literal('gelu').default('gelu'),
  ...labelled,
});

const vitSchema = z.object({
  num_attention_heads: size,
  layer_norm_eps: z.number().positive().max(1).default(1e-12),
  hidden_act: z.literal('gelu').default('gelu'),
  ...labelled,
});

const meanAndStdSchema = z.object({ image_mean: rgb.optional(), image_std: rgb.optional() });

/** What tells the kinds of configurations apart. */
const kindSchema = z.object({ model_type: z.string().optional(), architecture: z.string().optional() });

/** What a folder of the Hugging Face hub says besides the weights. */
export interface HuggingFaceModel {
  readonly weightsPath: string;
  readonly hints: Pick<ArchitectureHints, 'heads' | 'numFrames' | 'layerNormEps'>;
  /** `null` for image models. */
  readonly attention: AttentionType | null;
  readonly preprocessing: Manifest['preprocessing'] | null;
  /** As many as there are classes; `null` when the names are placeholders. */
  readonly labels: readonly string[] | null;
  /** As the model card's front matter gives it. */
  readonly licence: string | null;
  /** Sentences about what images will not be given. */
  readonly warnings: readonly string[];
}

type Described = Omit<HuggingFaceModel, 'weightsPath' | 'licence'>;

/**
 * Reads the configuration files of a model folder as transformers (TimeSformer, ViT, DeiT) or timm (ViT, DeiT) writes it.
 *
 * @throws FileNotFoundError when `config.json` or the weights are missing.
 * @throws CheckpointMismatchError when it is another kind of model.
 */
export async function readHuggingFaceFolder(directory: string): Promise<HuggingFaceModel> {
  const { model_type: type, architecture } = await readConfig(directory, kindSchema, 'model');
  return {
    ...(await describe(directory, type, architecture)),
    weightsPath: await findWeights(directory),
    licence: await cardLicence(directory),
  };
}

async function describe(directory: string, type?: string, architecture?: string): Promise<Described> {
  if (type === 'timesformer') return await describeTimesformer(directory);
  if (type === 'vit' || type === 'deit') return await describeVit(directory);
  if (type === undefined && architecture !== undefined) return await describeTimm(directory);
  throw new CheckpointMismatchError(
    `config.json does not describe a TimeSformer, ViT or DeiT: its model_type is ${type ?? 'not there'}.`,
    KINDS,
  );
}

async function describeTimesformer(directory: string): Promise<Described> {
  const config = await readConfig(directory, timesformerSchema, 'TimeSformer');
  const { image_mean: mean, image_std: std } =
    (await readJson(directory, PROCESSOR, meanAndStdSchema, 'TimeSformer')) ?? {};
  const { num_attention_heads: heads, num_frames: numFrames, layer_norm_eps: layerNormEps } = config;
  return {
    hints: { heads, numFrames, layerNormEps },
    attention: config.attention_type,
    preprocessing: mean === undefined || std === undefined ? null : { mean, std },
    labels: orderedLabels(config.id2label ?? {}),
    warnings: [],
  };
}

async function describeVit(directory: string): Promise<Described> {
  const config = await readConfig(directory, vitSchema, 'ViT');
  const processor = await readJson(directory, PROCESSOR, processorSchema, 'ViT');
  const stated = processor === null ? NOT_STATED : preprocessingOfTransformers(processor);
  return {
    hints: { heads: config.num_attention_heads, layerNormEps: config.layer_norm_eps },
    attention: null,
    ...stated,
    labels: orderedLabels(config.id2label ?? {}),
  };
}

/** Older files have at the top what newer ones have in `pretrained_cfg`. */
async function describeTimm(directory: string): Promise<Described> {
  const schema = timmSchema.extend({ pretrained_cfg: timmSchema.optional() });
  const config = await readConfig(directory, schema, 'ViT');
  const labels = config.pretrained_cfg?.label_names ?? config.label_names ?? null;
  return { hints: {}, attention: null, ...preprocessingOfTimm(config.pretrained_cfg ?? config), labels };
}

const PROCESSOR = 'preprocessor_config.json';
const NOT_STATED = { preprocessing: null, warnings: [] };
const KINDS = { hint: 'TimeSformer, ViT and DeiT of transformers and ViT and DeiT of timm can be imported.' };

async function readConfig<T>(directory: string, schema: z.ZodType<T>, what: string): Promise<T> {
  const config = await readJson(directory, 'config.json', schema, what);
  if (config !== null) return config;
  throw new FileNotFoundError(`There is no config.json in ${directory}.`, {
    hint: 'Give the folder of a Hugging Face model with its config.json, or the checkpoint file itself.',
  });
}

async function findWeights(directory: string): Promise<string> {
  for (const file of ['model.safetensors', 'pytorch_model.bin']) {
    const path = join(directory, file);
    if (await exists(path)) return path;
  }
  throw new FileNotFoundError(`There are no weights in ${directory}.`, {
    hint: 'The folder must hold model.safetensors or pytorch_model.bin; files in several parts are not read.',
  });
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

/** @param what The file should describe. */
async function readJson<T>(directory: string, file: string, schema: z.ZodType<T>, what: string): Promise<T | null> {
  const path = join(directory, file);
  if (!(await exists(path))) return null;
  if ((await stat(path)).size > MAX_TEXT_BYTES)
    throw new CheckpointInvalidError(`${file} is larger than a configuration is.`);
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new CheckpointInvalidError(`${file} in ${basename(directory)} is not JSON.`, { cause });
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new CheckpointMismatchError(`${file} does not describe a ${what}: ${z.prettifyError(result.error)}`, KINDS);
}

function orderedLabels(names: Readonly<Record<string, string>>): string[] | null {
  const count = Object.keys(names).length;
  const labels: string[] = [];
  for (let index = 0; index < count; index++) {
    const label = names[index];
    if (label === undefined || label === `LABEL_${index}`) return null;
    labels.push(label);
  }
  return count === 0 ? null : labels;
}

/** `license: …` between the first two `---` lines of the model card. */
async function cardLicence(directory: string): Promise<string | null> {
  const path = join(directory, 'README.md');
  if (!(await exists(path))) return null;
  await using handle = await open(path);
  const head = Buffer.alloc(4096);
  const { bytesRead } = await handle.read(head, 0, head.length, 0);
  const [, matter] = /^---\r?\n([\s\S]*?)\r?\n---/.exec(head.toString('utf8', 0, bytesRead)) ?? [];
  return /^license:\s*["']?([\w.+-]+)/m.exec(matter ?? '')?.[1] ?? null;
}
