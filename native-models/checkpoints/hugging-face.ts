import { open, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { CheckpointInvalidError, CheckpointMismatchError, FileNotFoundError } from '#contract/errors.ts';
import { attentionTypeSchema, type Manifest } from '../bundle/manifest.ts';

/** Larger than any configuration, small enough to be read without a thought. */
const MAX_TEXT_BYTES = 2 ** 20;

const size = z.int().min(1).max(1_000_000);
const rgb = z.tuple([z.number(), z.number(), z.number()]);

const configSchema = z.object({
  model_type: z.literal('timesformer'),
  attention_type: attentionTypeSchema.default('divided_space_time'),
  num_attention_heads: size,
  num_frames: size.default(8),
  layer_norm_eps: z.number().positive().max(1).default(1e-6),
  hidden_act: z.literal('gelu').default('gelu'),
  id2label: z.record(z.string(), z.string()).optional(),
});

const preprocessorSchema = z.object({ image_mean: rgb.optional(), image_std: rgb.optional() });

/** What a Hugging Face folder says besides the weights. */
export interface HuggingFaceModel {
  readonly weightsPath: string;
  readonly config: z.infer<typeof configSchema>;
  readonly preprocessing: Manifest['preprocessing'] | null;
  /** As many as there are classes; `null` when the names are placeholders. */
  readonly labels: readonly string[] | null;
  /** As the model card's front matter gives it. */
  readonly licence: string | null;
}

/**
 * Reads the configuration files of a Hugging Face model folder.
 *
 * @throws FileNotFoundError when `config.json` or the weights are missing.
 * @throws CheckpointMismatchError when it is another kind of model.
 */
export async function readHuggingFaceFolder(directory: string): Promise<HuggingFaceModel> {
  const config = await readJson(directory, 'config.json', configSchema);
  if (config === null) {
    throw new FileNotFoundError(`There is no config.json in ${directory}.`, {
      hint: 'Give the folder of a Hugging Face model with its config.json, or the checkpoint file itself.',
    });
  }
  const preprocessor = await readJson(directory, 'preprocessor_config.json', preprocessorSchema);
  const { image_mean: mean, image_std: std } = preprocessor ?? {};
  return {
    weightsPath: await findWeights(directory),
    config,
    preprocessing: mean === undefined || std === undefined ? null : { mean, std },
    labels: orderedLabels(config.id2label ?? {}),
    licence: await cardLicence(directory),
  };
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

async function readJson<T>(directory: string, file: string, schema: z.ZodType<T>): Promise<T | null> {
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
  throw new CheckpointMismatchError(`${file} does not describe a TimeSformer: ${z.prettifyError(result.error)}`, {
    hint: 'Only TimeSformer models of Hugging Face can be imported.',
  });
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
