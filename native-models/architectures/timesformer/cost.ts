import type { InterpreterKind, TimesformerConfig } from '../../bundle/manifest.ts';
import { attentionMacs, embeddingMacs, giga, interpreterMacs, jointBlockMacs, mlpMacs } from '../block-cost.ts';
import { tokenGrid } from './layout.ts';

/** Multiply-accumulates of one view, by part, in units of 10⁹ (GMACs). */
export interface ViewCost {
  readonly stem: number;
  readonly interpreter: number;
  readonly trunk: number;
  readonly total: number;
}

/**
 * What one view costs: linear layers and attention products of the given model on the given tokens.
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
  const { dim, depth, classes } = config;
  const { patches, frames } = tokenGrid(config);
  const all = patches * frames;
  const tokens = kept === null ? all : kept.length;
  const stem = embeddingMacs(config, all);
  const interpreter = interpreted ? interpreterMacs(config, 1 + all, kind === 'token' ? 2 : 3) : 0;

  const perFrame = new Array<number>(frames).fill(kept === null ? patches : 0);
  const perPatch = new Array<number>(patches).fill(kept === null ? frames : 0);
  for (const token of kept ?? []) {
    const [frame, patch] = [token % frames, Math.floor(token / frames)];
    perFrame[frame] = (perFrame[frame] ?? 0) + 1;
    perPatch[patch] = (perPatch[patch] ?? 0) + 1;
  }
  const inFrames = () =>
    attentionMacs(
      config,
      tokens + frames,
      perFrame.map((length) => 1 + length),
    );

  const block = {
    joint_space_time: () => jointBlockMacs(config, 1 + tokens),
    space_only: () => inFrames() + mlpMacs(config, tokens + frames),
    divided_space_time: () =>
      attentionMacs(config, tokens, perPatch) + tokens * dim * dim + inFrames() + mlpMacs(config, 1 + tokens),
  }[config.attention]();
  const trunk = depth * block + dim * classes;
  return {
    stem: giga(stem),
    interpreter: giga(interpreter),
    trunk: giga(trunk),
    total: giga(stem + interpreter + trunk),
  };
}
