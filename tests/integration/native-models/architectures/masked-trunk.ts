import type { Parameters } from '#native-models/architectures/parameters.ts';
import { overTime } from '#native-models/architectures/timesformer/divided.ts';
import {
  asRows,
  byFrame,
  firstRows,
  meanOverFrames,
  tokenGrid,
} from '#native-models/architectures/timesformer/layout.ts';
import { Transformer } from '#native-models/architectures/transformer.ts';
import type { TimesformerConfig } from '#native-models/bundle/manifest.ts';
import type { Value } from '#native-models/onnx/graph.ts';
import { add, reduceMean } from '#native-models/onnx/operators/arithmetic.ts';
import { concat, reshape, slice, transpose } from '#native-models/onnx/operators/shapes.ts';
import { type PlainTensor, tensor } from '../plain-tensor.ts';

/** Far below every score, so that a hidden key has no weight. */
const HIDDEN = -1e4;

/**
 * What a selection means, without gathering: every token is computed, and dropped ones are hidden from attention.
 * Inputs `tokens` `[1, 1 + patches·frames, dim]` and `bias` `[1 + patches·frames]`; output `logits`.
 */
export function addMaskedTrunk(config: TimesformerConfig, parameters: Parameters<'float32'>): void {
  const { graph } = parameters;
  const { dim } = config;
  const { patches, frames } = tokenGrid(config);
  const transformer = new Transformer(parameters, config);
  const tokens = graph.input('tokens', 'float32', [1, 1 + patches * frames, dim]);
  const bias = graph.input('bias', 'float32', [1, 1 + patches * frames, 1]);

  const keysOfClip = reshape(bias, [1, 1, 1, 1 + patches * frames]);
  const keysOfPatches = reshape(slice(bias, 1, 1), [patches, 1, 1, frames]);
  const keysOfFrames = reshape(byFrame(bias, config), [frames, 1, 1, 1 + patches]);

  const policy = {
    joint_space_time: () => {
      let rows = asRows(tokens);
      for (let block = 0; block < config.depth; block++) {
        const options = { fused: false, keyBias: keysOfClip };
        rows = transformer.block(block, rows, 1, 1 + patches * frames, options);
      }
      return firstRows(rows, 1, 1 + patches * frames);
    },
    space_only: () => {
      let rows = asRows(byFrame(tokens, config));
      for (let block = 0; block < config.depth; block++) {
        rows = transformer.block(block, rows, frames, 1 + patches, { fused: false, keyBias: keysOfFrames });
      }
      return meanOverFrames(firstRows(rows, frames, 1 + patches), 1, frames);
    },
    divided_space_time: () => {
      let all: Value<'float32'> = asRows(tokens);
      for (let block = 0; block < config.depth; block++) {
        const moved = overTime(config, transformer, block, slice(all, 0, 1), (qkv) =>
          transformer.attend(qkv, patches, frames, { fused: false, keyBias: keysOfPatches }),
        );
        const together = concat([slice(all, 0, 0, 1), moved], 0);
        const inFrames = asRows(byFrame(reshape(together, tokens.shape), config));
        const name = `blocks.${block}`;
        const qkv = transformer.queryKeyValue(`${name}.attn.qkv`, transformer.norm(`${name}.norm1`, inFrames));
        const mixed = transformer.attend(qkv, frames, 1 + patches, { fused: false, keyBias: keysOfFrames });
        const projected = reshape(transformer.linear(`${name}.attn.proj`, mixed, dim, dim), [frames, 1 + patches, dim]);
        const change = concat(
          [
            reshape(reduceMean(slice(projected, 1, 0, 1), [0]), [1, dim]),
            asRows(transpose(slice(projected, 1, 1), [1, 0, 2])),
          ],
          0,
        );
        all = transformer.mlp(block, add(together, change));
      }
      return slice(all, 0, 0, 1);
    },
  }[config.attention]();
  graph.output('logits', transformer.linear('head', transformer.norm('norm', policy), dim, config.classes));
}

/** The bias that hides all patch tokens but `kept`, `[1, 1 + patches·frames, 1]`. */
export function maskOf(config: TimesformerConfig, kept: Uint32Array): PlainTensor {
  const { patches, frames } = tokenGrid(config);
  return tensor([1, 1 + patches * frames, 1], (_, token) => (token === 0 || kept.includes(token - 1) ? 0 : HIDDEN));
}
