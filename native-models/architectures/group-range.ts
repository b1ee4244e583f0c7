import type { BlockRange } from './blocks.ts';

/** The blocks of `group` and of those after it. */
export function rangeFrom(groups: readonly BlockRange[], depth: number, group: number): BlockRange {
  const firstBlock = groups[group]?.firstBlock ?? depth;
  return { firstBlock, blocks: depth - firstBlock };
}

/** Whether `parameter` belongs to what runs from block `firstBlock` on: blocks, last normalisation, head. */
export function runsFrom(firstBlock: number, parameter: string): boolean {
  const block = /^blocks\.(\d+)\./.exec(parameter)?.[1];
  return block === undefined ? /^(norm|head)\./.test(parameter) : Number(block) >= firstBlock;
}
