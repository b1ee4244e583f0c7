import type { InterpreterKind, TimesformerConfig } from '../../bundle/manifest.ts';
import { tokenGrid } from './layout.ts';

/** Multiply-accumulates of one view, by part, in units of 10⁹ (GMACs). */
export interface ViewCost {
  readonly stem: number;
  readonly interpreter: number;
  readonly trunk: number;
  readonly total: number;
}

/**
 * What one view costs: linear layers and attention products of the given model on the given tokens. Normalisation,
 * softmax and activations are not counted, as is usual.
 *
 * Counted as the architecture is defined, so that figures compare with published ones: the few products that our graphs
 * avoid are in (keys of the interpreter, qkv of equal CLS copies, the second of two linear layers in a row). The base
 * model with everything kept takes 195.8 (divided) and 179.6 (joint).
 *
 * @param kept Sorted indices of kept patch tokens; `null` for all of them.
 * @param interpreted Whether an interpreter scored the tokens.
 * @param kind Which one; a motion-aware one has keys of motion besides queries and keys.
 */
export function viewCost(
  config: TimesformerConfig,
  kept: Uint32Array | null,
  interpreted: boolean,
  kind: InterpreterKind = 'token',
): ViewCost {
  const { dim, mlpDim, depth, classes, patchSize } = config;
  const { patches, frames } = tokenGrid(config);
  const all = patches * frames;
  const tokens = kept === null ? all : kept.length;
  const stem = all * 3 * patchSize * patchSize * dim;
  const interpreter = interpreted ? (1 + all) * (kind === 'token' ? 2 : 3) * dim * dim : 0;

  const perFrame = new Array<number>(frames).fill(kept === null ? patches : 0);
  const perPatch = new Array<number>(patches).fill(kept === null ? frames : 0);
  for (const token of kept ?? []) {
    const [frame, patch] = [token % frames, Math.floor(token / frames)];
    perFrame[frame] = (perFrame[frame] ?? 0) + 1;
    perPatch[patch] = (perPatch[patch] ?? 0) + 1;
  }
  /** qkv and projection of `rows`, products of queries with keys and of weights with values. */
  const attention = (rows: number, lengths: readonly number[]) =>
    4 * rows * dim * dim + 2 * dim * lengths.reduce((sum, length) => sum + length * length, 0);
  const mlp = (rows: number) => 2 * rows * dim * mlpDim;
  const inFrames = () =>
    attention(
      tokens + frames,
      perFrame.map((length) => 1 + length),
    );

  const block = {
    joint_space_time: () => attention(1 + tokens, [1 + tokens]) + mlp(1 + tokens),
    space_only: () => inFrames() + mlp(tokens + frames),
    divided_space_time: () => attention(tokens, perPatch) + tokens * dim * dim + inFrames() + mlp(1 + tokens),
  }[config.attention]();
  const trunk = depth * block + dim * classes;
  const giga = (macs: number) => macs / 1e9;
  return {
    stem: giga(stem),
    interpreter: giga(interpreter),
    trunk: giga(trunk),
    total: giga(stem + interpreter + trunk),
  };
}
