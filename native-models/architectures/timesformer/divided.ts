import type { TimesformerConfig } from '../../bundle/manifest.ts';
import type { FloatType } from '../../onnx/dtype.ts';
import type { Value } from '../../onnx/graph.ts';
import { add, cast, reduceMean } from '../../onnx/operators/arithmetic.ts';
import { concat, gather, reshape, sizeOf, slice } from '../../onnx/operators/shapes.ts';
import { blockNumbers } from '../blocks.ts';
import { asRows, firstRows } from '../rows.ts';
import type { QueryKeyValue, Transformer } from '../transformer.ts';
import { byFrame, keyBiasInFrames, keyBiasInTime, patchMajor, tokenGrid } from './layout.ts';
import type { DensePath, SelectedPath } from './paths.ts';

/**
 * Divided space-time attention (Bertasius, Wang, Torresani 2021, section 3): tokens of one patch position attend to
 * each other over the frames, then the tokens of one frame and a copy of CLS to each other; the CLS copies are averaged.
 *
 * The projection after attention is linear, so the CLS copies are averaged before it instead of after.
 */
export const denseDivided: DensePath = (config, transformer, tokens, options) => {
  const { dim } = config;
  const { frames, patches } = tokenGrid(config);
  const batch = sizeOf(tokens, 0);
  const { keyBias } = options;
  const inTime = keyBias && { keyBias: keyBiasInTime(keyBias, config) };
  const inSpace = keyBias && { keyBias: keyBiasInFrames(keyBias, config) };
  let all = tokens;
  for (const block of blockNumbers(config, options.range)) {
    const moved = overTime(config, transformer, block, asRows(slice(all, 1, 1)), (qkv) =>
      transformer.attend(qkv, batch.times(patches), frames, { fused: options.temporal, ...inTime }),
    );
    const together = concat([slice(all, 1, 0, 1), reshape(moved, [batch, patches * frames, dim])], 1);

    const normalised = reshape(transformer.norm(`blocks.${block}.norm1`, asRows(together)), together.shape);
    const qkv = transformer.queryKeyValue(`blocks.${block}.attn.qkv`, asRows(byFrame(normalised, config)));
    const mixed = transformer.attend(qkv, batch.times(frames), 1 + patches, {
      fused: options.spatial,
      ...inSpace,
    });
    const spread = reshape(mixed, [batch, frames, 1 + patches, dim]);
    const policy = reduceMean(slice(spread, 2, 0, 1), [1], false);
    const change = concat([policy, patchMajor(spread)], 1);
    all = reshape(afterSpace(config, transformer, block, together, change), tokens.shape);
  }
  return {
    policy: firstRows(asRows(all), batch, 1 + patches * frames),
    patches: () => slice(all, 1, 1),
    all: () => all,
  };
};

/**
 * The same on kept tokens: those of one position, and those of one frame, are gathered into grids only for the
 * attention itself, whose cost is small; all linear layers see the kept tokens and nothing else.
 */
export const selectedDivided: SelectedPath = (config, transformer, take, options) => {
  const { dim } = config;
  const { frames } = tokenGrid(config);
  const { graph, dtype } = transformer.parameters;
  const keptRows = graph.input('keptRows', 'int64', ['kept']);
  const timeSlots = graph.input('timeSlots', 'int64', ['positions', 'moments']);
  const timeBias = cast(graph.input('timeBias', 'float32', ['positions', 1, 1, 'moments']), dtype);
  const timeBack = graph.input('timeBack', 'int64', ['kept']);
  const spaceSlots = graph.input('spaceSlots', 'int64', [frames, 'places']);
  const spaceBias = cast(graph.input('spaceBias', 'float32', [frames, 1, 1, 'places']), dtype);
  const spaceBack = graph.input('spaceBack', 'int64', ['kept']);

  let all = take(concat([graph.constant('int64', [1], [0]), keptRows], 0));
  for (let block = 0; block < config.depth; block++) {
    const moved = overTime(config, transformer, block, slice(all, 0, 1), (qkv) => {
      const grids = inGrid(qkv, timeSlots);
      const mixed = transformer.attend(grids, 'positions', 'moments', { fused: options.temporal, keyBias: timeBias });
      return gather(mixed, timeBack, 0);
    });
    const together = concat([slice(all, 0, 0, 1), moved], 0);

    const normalised = transformer.norm(`blocks.${block}.norm1`, together);
    const qkv = inGrid(transformer.queryKeyValue(`blocks.${block}.attn.qkv`, normalised), spaceSlots);
    const mixed = transformer.attend(qkv, frames, 'places', { fused: options.spatial, keyBias: spaceBias });
    const policy = reduceMean(firstRows(mixed, frames, 'places'), [0]);
    all = afterSpace(config, transformer, block, together, concat([policy, gather(mixed, spaceBack, 0)], 0));
  }
  return reshape(slice(all, 0, 0, 1), [1, dim]);
};

/** `rows + temporal_fc(proj(attention(qkv(temporal_norm1(rows)))))` over rows of patch tokens. */
export function overTime<D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  block: number,
  rows: Value<D>,
  attend: (qkv: QueryKeyValue<D>) => Value<D>,
): Value<D> {
  const { dim } = config;
  const name = `blocks.${block}`;
  const normalised = transformer.norm(`${name}.temporal_norm1`, rows);
  const mixed = attend(transformer.queryKeyValue(`${name}.temporal_attn.qkv`, normalised));
  return add(rows, transformer.linearPair(`${name}.temporal_attn.proj`, `${name}.temporal_fc`, mixed, dim));
}

/** The spatial projection of `mixed`, added to `tokens`, and the MLP: rows `[…, dim]`. */
function afterSpace<D extends FloatType>(
  config: TimesformerConfig,
  transformer: Transformer<D>,
  block: number,
  tokens: Value<D>,
  mixed: Value<D>,
): Value<D> {
  const { dim } = config;
  const projected = transformer.linear(`blocks.${block}.attn.proj`, asRows(mixed), dim, dim);
  return transformer.mlp(block, add(asRows(tokens), projected));
}

/** Rows `[kept, dim]` as the sequences of a grid: `[sequences, length] → [sequences, length, dim]`. */
function inGrid<D extends FloatType>(rows: QueryKeyValue<D>, slots: Value<'int64'>): QueryKeyValue<D> {
  const { query, key, value } = rows;
  return { query: gather(query, slots, 0), key: gather(key, slots, 0), value: gather(value, slots, 0) };
}
