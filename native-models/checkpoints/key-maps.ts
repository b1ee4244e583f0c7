import { CheckpointMismatchError } from '#contract/errors.ts';
import { isFloating } from './stored-dtype.ts';
import { firstRows, type TensorView } from './tensor-view.ts';

/** Who named the weights. */
export type CheckpointFormat = 'timesformer' | 'hugging-face' | 'ia-red2' | 'deit';

/** Weights under the names that bundles use: the original TimeSformer's, and `interpreter.G.qk.*`. */
export interface NamedWeights {
  readonly format: CheckpointFormat;
  readonly weights: ReadonlyMap<string, TensorView>;
  /** Blocks of each group, where the checkpoint says it. */
  readonly groupSizes: readonly number[] | null;
  /** Names in the checkpoint that were left out: counters, masks, and second copies. */
  readonly ignored: readonly string[];
}

/**
 * Translates the names of a checkpoint.
 *
 * @param container Under which name `torch.save` had the weights. It tells a space-only TimeSformer from a DeiT, which
 *   have the same parameters.
 * @throws CheckpointMismatchError when two names mean the same parameter.
 */
export function renameWeights(tensors: ReadonlyMap<string, TensorView>, container: string | null): NamedWeights {
  const ignored: string[] = [];
  const format = detectFormat([...tensors.keys()], container);
  const translated = new Map<string, TensorView>();
  const groupBlocks: number[] = [];
  for (const [key, view] of tensors) {
    if (!isFloating(view.dtype)) {
      ignored.push(key);
      continue;
    }
    const bare = key.replace(WRAPPERS, '');
    const copy = GROUP_BLOCK.exec(bare);
    if (copy === null) {
      const name = interpreterName(format === 'hugging-face' ? fromHuggingFace(bare) : bare);
      if (translated.has(name)) {
        throw new CheckpointMismatchError(`The checkpoint has "${name}" twice, once as "${key}".`, KEEP_ONE);
      }
      translated.set(name, view);
      continue;
    }
    ignored.push(key);
    const [, group, block] = copy;
    groupBlocks[Number(group)] = Math.max(groupBlocks[Number(group)] ?? 0, Number(block) + 1);
  }
  return {
    format,
    weights: trimInterpreters(translated),
    groupSizes: groupBlocks.length === 0 ? null : Array.from(groupBlocks, (blocks) => blocks ?? 0),
    ignored,
  };
}

const KEEP_ONE = { hint: 'Save the checkpoint with one copy of each weight.' };

/** Wrappers of training code: `DataParallel` and the video model around the transformer. */
const WRAPPERS = /^(?:module\.|model\.)+/;

/** The released IA-RED² tool lists the blocks once more, by group. */
const GROUP_BLOCK = /^groups\.(\d{1,3})\.block_list\.(\d{1,3})\./;

function detectFormat(keys: readonly string[], container: string | null): CheckpointFormat {
  const bare = keys.map((key) => key.replace(WRAPPERS, ''));
  if (bare.some((key) => key.startsWith('timesformer.'))) return 'hugging-face';
  if (bare.some((key) => key.startsWith('groups.'))) return 'ia-red2';
  const video =
    bare.includes('time_embed') || container === 'model_state' || keys.some((key) => /^(module\.)*model\./.test(key));
  return video ? 'timesformer' : 'deit';
}

/** Parts of Hugging Face names, longest first where one begins another. */
const HUGGING_FACE: readonly (readonly [string, string])[] = [
  ['timesformer.embeddings.cls_token', 'cls_token'],
  ['timesformer.embeddings.position_embeddings', 'pos_embed'],
  ['timesformer.embeddings.time_embeddings', 'time_embed'],
  ['timesformer.embeddings.patch_embeddings.projection.', 'patch_embed.proj.'],
  ['timesformer.layernorm.', 'norm.'],
  ['classifier.', 'head.'],
];

const HUGGING_FACE_LAYER: readonly (readonly [string, string])[] = [
  ['layernorm_before.', 'norm1.'],
  ['layernorm_after.', 'norm2.'],
  ['attention.attention.qkv.', 'attn.qkv.'],
  ['attention.output.dense.', 'attn.proj.'],
  ['temporal_attention.attention.qkv.', 'temporal_attn.qkv.'],
  ['temporal_attention.output.dense.', 'temporal_attn.proj.'],
  ['temporal_layernorm.', 'temporal_norm1.'],
  ['temporal_dense.', 'temporal_fc.'],
  ['intermediate.dense.', 'mlp.fc1.'],
  ['output.dense.', 'mlp.fc2.'],
];

/** The original name, or the name as it is when there is no original for it (which is reported later). */
function fromHuggingFace(name: string): string {
  const layer = /^timesformer\.encoder\.layer\.(\d+)\.(.*)$/.exec(name);
  const [rest, table, prefix] =
    layer === null ? [name, HUGGING_FACE, ''] : [layer[2] ?? '', HUGGING_FACE_LAYER, `blocks.${layer[1]}.`];
  const match = table.find(([theirs]) => rest.startsWith(theirs));
  return match === undefined ? name : prefix + match[1] + rest.slice(match[0].length);
}

/** `groups.G.agent.qk` of the released tool, and `interpreter.qk` of a model with one. */
function interpreterName(name: string): string {
  return name
    .replace(/^groups\.(\d+)\.agent\.qk\./, 'interpreter.$1.qk.')
    .replace(/^interpreter\.qk\./, 'interpreter.0.qk.');
}

/** The released interpreters have 3d rows like an attention's q, k and v, and use the first 2d. */
function trimInterpreters(weights: ReadonlyMap<string, TensorView>): Map<string, TensorView> {
  const dim = weights.get('cls_token')?.shape.at(-1) ?? 0;
  const trimmed = new Map(weights);
  for (const [name, view] of weights) {
    const isInterpreter = /^interpreter\.\d+\.qk\.(weight|bias)$/.test(name);
    if (isInterpreter && view.shape[0] === 3 * dim) trimmed.set(name, firstRows(view, 2 * dim));
  }
  return trimmed;
}
