import { CheckpointMismatchError } from '#contract/errors.ts';
import type { Architecture } from '../bundle/manifest.ts';
import { isFloating, type StoredDtype } from './stored-dtype.ts';
import { firstRows, type TensorView } from './tensor-view.ts';

/** Who named the weights. */
export type CheckpointFormat = 'timesformer' | 'hugging-face' | 'ia-red2' | 'deit';

/** One weight of a model: a tensor of the checkpoint, or several of them, one below the other. */
export interface NamedWeight {
  readonly dtype: StoredDtype;
  readonly shape: readonly number[];
  readonly parts: readonly TensorView[];
}

/** Weights under the names that bundles use: the original TimeSformer's, and `interpreter.G.qk.*`. */
export interface NamedWeights {
  readonly format: CheckpointFormat;
  readonly kind: Architecture['kind'];
  readonly weights: ReadonlyMap<string, NamedWeight>;
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
 * @throws CheckpointMismatchError when two names mean the same parameter, or the parts of one differ in type.
 */
export function renameWeights(tensors: ReadonlyMap<string, TensorView>, container: string | null): NamedWeights {
  const ignored: string[] = [];
  const origin = originOf([...tensors.keys()], container);
  const translated = new Map<string, TensorView[]>();
  const groupBlocks: number[] = [];
  for (const [key, view] of tensors) {
    if (!isFloating(view.dtype)) {
      ignored.push(key);
      continue;
    }
    const bare = key.replace(WRAPPERS, '');
    const copy = GROUP_BLOCK.exec(bare);
    if (copy === null) {
      const { name, part } = origin.format === 'hugging-face' ? fromHuggingFace(bare) : { name: bare, part: 0 };
      const parts = translated.get(interpreterName(name)) ?? [];
      if (parts[part] !== undefined) {
        throw new CheckpointMismatchError(`The checkpoint has "${name}" twice, once as "${key}".`, KEEP_ONE);
      }
      parts[part] = view;
      translated.set(interpreterName(name), parts);
      continue;
    }
    ignored.push(key);
    const [, group, block] = copy;
    groupBlocks[Number(group)] = Math.max(groupBlocks[Number(group)] ?? 0, Number(block) + 1);
  }
  return {
    ...origin,
    weights: trimInterpreters(new Map([...translated].map(([name, parts]) => [name, stacked(name, parts)]))),
    groupSizes: groupBlocks.length === 0 ? null : Array.from(groupBlocks, (blocks) => blocks ?? 0),
    ignored,
  };
}

/** The parts one below the other. One that is missing, or of another width, shows in the shape of the whole. */
function stacked(name: string, parts: readonly TensorView[]): NamedWeight {
  const [first, ...others] = parts.filter((part) => part !== undefined);
  if (first === undefined) throw new CheckpointMismatchError(`There is no "${name}" among the weights.`, KEEP_ONE);
  const [rows = 0, ...row] = first.shape;
  if (others.some(({ dtype, shape }) => dtype !== first.dtype || shape.slice(1).join() !== row.join())) {
    throw new CheckpointMismatchError(`The parts of "${name}" are of different types or widths.`, KEEP_ONE);
  }
  if (others.length === 0) return { dtype: first.dtype, shape: first.shape, parts: [first] };
  const all = others.reduce((sum, { shape }) => sum + (shape[0] ?? 0), rows);
  return { dtype: first.dtype, shape: [all, ...row], parts: [first, ...others] };
}

const KEEP_ONE = { hint: 'Save the checkpoint with one copy of each weight.' };

/** Wrappers of training code: `DataParallel` and the video model around the transformer. */
const WRAPPERS = /^(?:module\.|model\.)+/;

/** The released IA-RED² tool lists the blocks once more, by group. */
const GROUP_BLOCK = /^groups\.(\d{1,3})\.block_list\.(\d{1,3})\./;

function originOf(keys: readonly string[], container: string | null): Pick<NamedWeights, 'format' | 'kind'> {
  const bare = keys.map((key) => key.replace(WRAPPERS, ''));
  if (bare.some((key) => key.startsWith('timesformer.'))) return { format: 'hugging-face', kind: 'timesformer' };
  if (bare.some((key) => /^(vit|deit)\./.test(key))) return { format: 'hugging-face', kind: 'deit' };
  if (bare.some((key) => key.startsWith('groups.'))) return { format: 'ia-red2', kind: 'deit' };
  const video =
    bare.includes('time_embed') || container === 'model_state' || keys.some((key) => /^(module\.)*model\./.test(key));
  return video ? { format: 'timesformer', kind: 'timesformer' } : { format: 'deit', kind: 'deit' };
}

/** Parts of Hugging Face names behind the model's, longest first where one begins another. */
const HUGGING_FACE: readonly (readonly [string, string])[] = [
  ['embeddings.cls_token', 'cls_token'],
  ['embeddings.distillation_token', 'dist_token'],
  ['embeddings.position_embeddings', 'pos_embed'],
  ['embeddings.time_embeddings', 'time_embed'],
  ['embeddings.patch_embeddings.projection.', 'patch_embed.proj.'],
  ['layernorm.', 'norm.'],
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

/** ViT and DeiT have queries, keys and values apart, where the original has them one below the other. */
const APART = /^attention\.attention\.(query|key|value)\./;
const ORDER = ['query', 'key', 'value'];

/** The original name, or the name as it is when there is no original for it (which is reported later). */
function fromHuggingFace(name: string): { readonly name: string; readonly part: number } {
  const inside = name.replace(/^(timesformer|vit|deit)\./, '');
  const layer = /^encoder\.layer\.(\d+)\.(.*)$/.exec(inside);
  const [rest, table, prefix] =
    layer === null ? [inside, HUGGING_FACE, ''] : [layer[2] ?? '', HUGGING_FACE_LAYER, `blocks.${layer[1]}.`];
  const apart = layer === null ? null : APART.exec(rest);
  if (apart !== null) {
    return { name: rest.replace(APART, `${prefix}attn.qkv.`), part: ORDER.indexOf(apart[1] ?? '') };
  }
  const match = table.find(([theirs]) => rest.startsWith(theirs));
  return { name: match === undefined ? name : prefix + match[1] + rest.slice(match[0].length), part: 0 };
}

/** `groups.G.agent.qk` of the released tool, and `interpreter.qk` of a model with one. */
function interpreterName(name: string): string {
  return name
    .replace(/^groups\.(\d+)\.agent\.qk\./, 'interpreter.$1.qk.')
    .replace(/^interpreter\.qk\./, 'interpreter.0.qk.');
}

/** The released interpreters have 3d rows like an attention's q, k and v, and use the first 2d. */
function trimInterpreters(weights: ReadonlyMap<string, NamedWeight>): Map<string, NamedWeight> {
  const dim = weights.get('cls_token')?.shape.at(-1) ?? 0;
  const trimmed = new Map(weights);
  for (const [name, { shape, parts }] of weights) {
    const isInterpreter = /^interpreter\.\d+\.qk\.(weight|bias)$/.test(name);
    const [whole] = parts;
    if (isInterpreter && shape[0] === 3 * dim && whole !== undefined) {
      trimmed.set(name, stacked(name, [firstRows(whole, 2 * dim)]));
    }
  }
  return trimmed;
}
