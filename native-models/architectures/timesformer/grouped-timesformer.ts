import type { Selection, TimesformerConfig } from '../../bundle/manifest.ts';
import { slice } from '../../onnx/operators/shapes.ts';
import type { GroupedArchitecture } from '../grouped-architecture.ts';
import { tokenGrid } from './layout.ts';
import type { BlockRange } from './paths.ts';
import { stemTokens } from './stem.ts';
import { tokenScores } from './token-scores.ts';
import { classLogits, denseBlocks } from './trunk.ts';

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
  /** The blocks of `group` and of those after it. */
  const from = (group: number): BlockRange => {
    const firstBlock = groups[group]?.firstBlock ?? depth;
    return { firstBlock, blocks: depth - firstBlock };
  };
  return {
    tokenCount: patches * frames,
    dim,
    classes,
    inputSizes: [3, frames, imageSize, imageSize],
    groups,
    tokens: (parameters, clips) => stemTokens(config, parameters, clips),
    scores: (parameters, tokens, group) => slice(tokenScores(config, selection, parameters, tokens, group), 1, 1),
    through(parameters, tokens, group, keyBias, fusion) {
      const range = groups[group] ?? from(group);
      return denseBlocks(config, parameters, tokens, keyBias, { ...fusion, range }).all();
    },
    answer(parameters, tokens, group, keyBias, fusion) {
      const { policy } = denseBlocks(config, parameters, tokens, keyBias, { ...fusion, range: from(group) });
      return classLogits(config, parameters, policy);
    },
    isFrom(group, parameter) {
      const block = /^blocks\.(\d+)\./.exec(parameter)?.[1];
      return block === undefined ? /^(norm|head)\./.test(parameter) : Number(block) >= from(group).firstBlock;
    },
  };
}
