import type { Selection, TimesformerConfig } from '../../bundle/manifest.ts';
import { slice } from '../../onnx/operators/shapes.ts';
import { classLogits } from '../class-head.ts';
import { rangeFrom, runsFrom } from '../group-range.ts';
import type { GroupedArchitecture } from '../grouped-architecture.ts';
import { tokenGrid } from './layout.ts';
import { seenStemTokens, stemTokens } from './stem.ts';
import { tokenScores } from './token-scores.ts';
import { denseBlocks, denseTrunk } from './trunk.ts';

/**
 * A TimeSformer in groups. The paper has one for video; with joint or divided attention there may be more. Space-only
 * attention takes one alone: between its blocks each frame has a CLS of its own.
 */
export function groupedTimesformer(config: TimesformerConfig, selection: Selection): GroupedArchitecture {
  const { patches, frames } = tokenGrid(config);
  const { dim, classes, depth, imageSize } = config;
  const { groups, interpreter } = selection;
  if (interpreter === 'motion-aware' && groups.length > 1) {
    throw new RangeError(
      'A motion-aware interpreter scores at the entry of the model, where no token has been dropped yet.',
    );
  }
  const from = (group: number) => rangeFrom(groups, depth, group);
  return {
    tokenCount: patches * frames,
    dim,
    classes,
    inputSizes: [3, frames, imageSize, imageSize],
    groups,
    tokens: (parameters, clips) => stemTokens(config, parameters, clips),
    seenTokens:
      config.attention === 'joint_space_time'
        ? (parameters, clips, seen) => seenStemTokens(config, parameters, clips, seen)
        : null,
    scores: (parameters, tokens, group) => slice(tokenScores(config, selection, parameters, tokens, group), 1, 1),
    through(parameters, tokens, group, keyBias, fusion) {
      const range = groups[group] ?? from(group);
      return denseBlocks(config, parameters, tokens, keyBias, { ...fusion, range }).all();
    },
    answer(parameters, tokens, group, keyBias, fusion) {
      const { policy } = denseBlocks(config, parameters, tokens, keyBias, { ...fusion, range: from(group) });
      return classLogits(config, parameters, policy);
    },
    whole: (parameters, tokens, fusion) => denseTrunk(config, parameters, tokens, null, fusion),
    isFrom: (group, parameter) => runsFrom(from(group).firstBlock, parameter),
  };
}
