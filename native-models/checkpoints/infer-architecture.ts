import { CheckpointMismatchError } from '#contract/errors.ts';
import { type Architecture, type AttentionType, architectureSchema, type Selection } from '../bundle/manifest.ts';
import { expectedParameters } from '../bundle/parameters.ts';
import { equalGroups, selectionFault } from '../bundle/selection-groups.ts';
import type { NamedWeights } from './key-maps.ts';

/** What shapes cannot tell. */
export interface ArchitectureHints {
  readonly heads?: number | undefined;
  /** Of a space-only model, which has no weights by frame. */
  readonly numFrames?: number | undefined;
  readonly layerNormEps?: number | undefined;
  readonly interpreterHeads?: number | undefined;
}

/** Published ViTs have 64 channels a head. */
const HEAD_DIM = 64;
const LAYER_NORM_EPS = 1e-6;
/** Of the released DeiT interpreters. */
const INTERPRETER_HEADS = 6;
const DEFAULT_FRAMES = 8;

/**
 * The architecture that these weights belong to: attention type from the names, sizes from the shapes.
 *
 * @throws CheckpointMismatchError when the weights are not those of one of our architectures, with what does not fit.
 */
export function inferArchitecture(named: NamedWeights, hints: ArchitectureHints): Architecture {
  refuseDistilled(named);
  const [, , dim] = shapeOf(named, 'cls_token', 3);
  const [, positions] = shapeOf(named, 'pos_embed', 3);
  const [, , patchSize] = shapeOf(named, 'patch_embed.proj.weight', 4);
  const [classes] = shapeOf(named, 'head.weight', 2);
  const [mlpDim] = shapeOf(named, 'blocks.0.mlp.fc1.weight', 2);
  const side = Math.sqrt(positions - 1);
  if (!Number.isInteger(side) || side < 1) {
    mismatch(`The position embedding is for ${positions - 1} patches, which are no square.`);
  }
  const sizes = {
    imageSize: side * patchSize,
    patchSize,
    dim,
    depth: countBlocks(named),
    heads: hints.heads ?? defaultHeads(dim),
    mlpDim,
    classes,
    layerNormEps: hints.layerNormEps ?? LAYER_NORM_EPS,
  };
  const architecture = architectureSchema.safeParse(
    named.kind === 'deit' ? { kind: 'deit', ...sizes } : { kind: 'timesformer', ...videoSizes(named, hints), ...sizes },
  );
  if (architecture.success) return architecture.data;
  return mismatch(
    `The sizes do not make a model: ${architecture.error.issues.map(({ message }) => message).join('; ')}.`,
  );
}

/** A distilled DeiT answers with two heads, from two tokens. */
function refuseDistilled({ kind, weights }: NamedWeights): void {
  if (kind !== 'deit' || !(weights.has('dist_token') || weights.has('head_dist.weight'))) return;
  throw new CheckpointMismatchError('The checkpoint is a distilled DeiT, which has a second class token.', {
    hint: 'Import the DeiT of the same size that was trained without a teacher: deit_small_patch16_224, say.',
  });
}

/** The groups that the interpreters among the weights belong to, or `null` when there are none. */
export function inferSelection(
  named: NamedWeights,
  architecture: Architecture,
  hints: ArchitectureHints,
): Selection | null {
  const interpreters = [...named.weights.keys()].filter((name) => /^interpreter\.\d+\.qk\.weight$/.test(name));
  if (interpreters.length === 0) return null;
  const count = interpreters.length;
  const sizes = named.groupSizes;
  let firstBlock = 0;
  const told = sizes?.map((blocks) => {
    firstBlock += blocks;
    return { firstBlock: firstBlock - blocks, blocks };
  });
  const groups = told ?? equalGroups(architecture.depth, count);
  if (groups === null || groups.length !== count || groups.some(({ blocks }) => blocks === 0)) {
    return mismatch(`${count} interpreters do not divide ${architecture.depth} blocks into groups.`);
  }
  const heads =
    hints.interpreterHeads ?? (architecture.dim % INTERPRETER_HEADS === 0 ? INTERPRETER_HEADS : architecture.heads);
  const selection = { heads, threshold: 0.5, groups };
  const fault = selectionFault(architecture, selection);
  return fault === null ? selection : mismatch(`The checkpoint ${fault}.`);
}

/**
 * Holds the weights against the list of what the architecture has.
 *
 * @throws CheckpointMismatchError listing what is missing, unknown, or of another shape.
 */
export function checkParameters(named: NamedWeights, architecture: Architecture, selection: Selection | null): void {
  const expected = expectedParameters(architecture, selection);
  const faults = [
    list(
      'without',
      [...expected.keys()].filter((name) => !named.weights.has(name)),
    ),
    list(
      'with unknown',
      [...named.weights.keys()].filter((name) => !expected.has(name)),
    ),
    list(
      'of another shape',
      [...expected].flatMap(([name, wanted]) => {
        const shape = named.weights.get(name)?.shape ?? wanted;
        return shape.join() === wanted.join() ? [] : [`${name} [${shape}] instead of [${wanted}]`];
      }),
    ),
  ].filter((fault) => fault !== null);
  if (faults.length > 0) mismatch(`The weights do not make a ${describe(architecture)}: ${faults.join('; ')}.`);
}

function videoSizes(named: NamedWeights, hints: ArchitectureHints): { attention: AttentionType; numFrames: number } {
  if (!named.weights.has('time_embed')) {
    return { attention: 'space_only', numFrames: hints.numFrames ?? DEFAULT_FRAMES };
  }
  const [, numFrames] = shapeOf(named, 'time_embed', 3);
  if (hints.numFrames !== undefined && hints.numFrames !== numFrames) {
    mismatch(`The time embedding is for ${numFrames} frames, and ${hints.numFrames} were asked for.`);
  }
  const divided = named.weights.has('blocks.0.temporal_fc.weight');
  return { attention: divided ? 'divided_space_time' : 'joint_space_time', numFrames };
}

function defaultHeads(dim: number): number {
  if (dim % HEAD_DIM === 0) return dim / HEAD_DIM;
  throw new CheckpointMismatchError(
    `The number of attention heads of a model of width ${dim} cannot be told from its weights.`,
    {
      hint: 'Say how many there are (--heads on the command line), or import the Hugging Face folder, whose config.json says it.',
    },
  );
}

/** How many blocks there are; that each is complete is checked later. */
function countBlocks(named: NamedWeights): number {
  const blocks = new Set<string>();
  for (const name of named.weights.keys()) {
    const block = /^blocks\.(\d+)\./.exec(name)?.[1];
    if (block !== undefined) blocks.add(block);
  }
  return blocks.size;
}

function shapeOf(named: NamedWeights, name: string, rank: 2): [number, number];
function shapeOf(named: NamedWeights, name: string, rank: 3): [number, number, number];
function shapeOf(named: NamedWeights, name: string, rank: 4): [number, number, number, number];
function shapeOf(named: NamedWeights, name: string, rank: number): number[] {
  const shape = named.weights.get(name)?.shape;
  if (shape === undefined) return mismatch(`There is no "${name}" among the weights.`);
  if (shape.length !== rank) return mismatch(`"${name}" has ${shape.length} dimensions instead of ${rank}.`);
  return [...shape];
}

function describe(architecture: Architecture): string {
  return architecture.kind === 'timesformer' ? `TimeSformer with ${architecture.attention}` : 'DeiT';
}

/** The first few of what may be hundreds. */
function list(what: string, names: readonly string[]): string | null {
  const SHOWN = 5;
  if (names.length === 0) return null;
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `${what} ${names.slice(0, SHOWN).join(', ')}${more}`;
}

function mismatch(message: string): never {
  throw new CheckpointMismatchError(message, {
    hint: 'TimeSformers of the original code and of Hugging Face can be imported, and ViTs and DeiTs of timm, Hugging Face and IA-RED².',
  });
}
