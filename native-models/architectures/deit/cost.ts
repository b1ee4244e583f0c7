import type { DeitConfig } from '../../bundle/manifest.ts';
import { embeddingMacs, giga, interpreterMacs, jointBlockMacs, projectedBlockMacs } from '../block-cost.ts';
import type { BlockRange } from '../blocks.ts';
import { patchCount } from '../patch-embedding.ts';

/** Multiply-accumulates of one image, by part, in units of 10⁹ (GMACs). */
export interface ImageCost {
  readonly stem: number;
  /** All of them together. */
  readonly interpreters: number;
  /** The blocks of each group. */
  readonly groups: readonly number[];
  readonly head: number;
  readonly total: number;
}

/**
 * What one image costs when each group computes the tokens that it keeps, and its interpreter scores those that the group
 * before has kept. Counted as the architecture is defined, keys of the interpreters included. DeiT-S with everything kept
 * and no interpreter takes 4.6, DeiT-B 17.6.
 *
 * @param kept Patch tokens that each group keeps; `null` for all of them everywhere.
 * @param interpreted Whether interpreters scored the tokens.
 */
export function imageCost(
  config: DeitConfig,
  groups: readonly BlockRange[],
  kept: readonly number[] | null,
  interpreted: boolean,
): ImageCost {
  const all = patchCount(config);
  const seen = groups.map((_, group) => kept?.[group] ?? all);
  const stem = embeddingMacs(config, all);
  const scored = interpreted ? seen.map((_, group) => 1 + (group === 0 ? all : (seen[group - 1] ?? all))) : [];
  const interpreters = sum(scored.map((rows) => interpreterMacs(config, rows)));
  const inGroups = groups.map(({ blocks }, group) => blocks * blockMacs(config, 1 + (seen[group] ?? all)));
  const head = config.dim * config.classes;
  return {
    stem: giga(stem),
    interpreters: giga(interpreters),
    groups: inGroups.map(giga),
    head: giga(head),
    total: giga(stem + interpreters + sum(inGroups) + head),
  };
}

function blockMacs(config: DeitConfig, rows: number): number {
  const { linformer } = config;
  return linformer === undefined ? jointBlockMacs(config, rows) : projectedBlockMacs(config, rows, linformer);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
