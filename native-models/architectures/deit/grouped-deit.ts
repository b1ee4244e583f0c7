import type { DeitConfig, Selection } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { cast } from '../../onnx/operators/arithmetic.ts';
import { slice } from '../../onnx/operators/shapes.ts';
import type { BlockRange, Fusion } from '../blocks.ts';
import { classLogits, trunkOf } from '../class-head.ts';
import { rangeFrom, runsFrom } from '../group-range.ts';
import type { GroupedArchitecture } from '../grouped-architecture.ts';
import { interpreterScores } from '../interpreter.ts';
import { jointBlocks } from '../joint-blocks.ts';
import type { Parameters } from '../parameters.ts';
import { patchCount } from '../patch-embedding.ts';
import type { KeyBias } from '../token-mask.ts';
import { Transformer } from '../transformer.ts';
import { seenStemTokens, stemTokens } from './stem.ts';

/** A DeiT in groups with an interpreter at the entry of each (IA-RED², section 4.1: three groups of four blocks). */
export function groupedDeit(config: DeitConfig, selection: Selection): GroupedArchitecture {
  const { dim, classes, depth, imageSize } = config;
  const { groups, heads } = selection;
  const from = (group: number) => rangeFrom(groups, depth, group);
  const run = <D extends FloatType>(
    parameters: Parameters<D>,
    tokens: Value<D>,
    keyBias: KeyBias | null,
    options: Fusion & { readonly range?: BlockRange },
  ) => {
    const hidden = keyBias === null ? {} : { keyBias: cast(keyBias, parameters.dtype) };
    return jointBlocks(config, new Transformer(parameters, config), tokens, { ...options, ...hidden });
  };
  return {
    tokenCount: patchCount(config),
    dim,
    classes,
    inputSizes: [3, imageSize, imageSize],
    groups,
    tokens: (parameters, images) => stemTokens(config, parameters, images),
    seenTokens:
      config.linformer === undefined
        ? (parameters, images, seen) => seenStemTokens(config, parameters, images, seen)
        : null,
    scores: (parameters, tokens, group) =>
      slice(interpreterScores(parameters, tokens, `interpreter.${group}.qk`, heads), 1, 1),
    through: (parameters, tokens, group, keyBias, fusion) =>
      run(parameters, tokens, keyBias, { ...fusion, range: groups[group] ?? from(group) }).all(),
    answer(parameters, tokens, group, keyBias, fusion) {
      const { policy } = run(parameters, tokens, keyBias, { ...fusion, range: from(group) });
      return classLogits(config, parameters, policy);
    },
    whole: (parameters, tokens, fusion) => trunkOf(config, parameters, run(parameters, tokens, null, fusion)),
    isFrom: (group, parameter) => runsFrom(from(group).firstBlock, parameter),
  };
}
