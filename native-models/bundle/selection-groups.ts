import type { Architecture, Selection } from './manifest.ts';

/**
 * What is wrong with `selection` for this architecture, or `null`.
 *
 * Groups follow each other without gaps up to the last block (IA-RED², section 3.1); a video model selects once, at its
 * input (section 4.1).
 */
export function selectionFault(architecture: Architecture, selection: Selection): string | null {
  if (architecture.dim % selection.heads !== 0) {
    return `has ${selection.heads} interpreter heads, which do not divide ${architecture.dim}`;
  }
  if (architecture.kind === 'timesformer' && selection.groups.length !== 1) {
    return `has ${selection.groups.length} interpreters, and a video model has one`;
  }
  if (selection.interpreter === 'motion-aware' && (architecture.kind !== 'timesformer' || architecture.numFrames < 2)) {
    return 'has a motion-aware interpreter, and no frames to compare';
  }
  let next = 0;
  for (const { firstBlock, blocks } of selection.groups) {
    if (firstBlock !== next) return `has a group that begins at block ${firstBlock} instead of ${next}`;
    next += blocks;
  }
  return next === architecture.depth ? null : `has groups of ${next} blocks, and the model has ${architecture.depth}`;
}

/** `count` groups of equally many blocks, or `null` when the blocks do not divide so. */
export function equalGroups(depth: number, count: number): Selection['groups'] | null {
  if (count < 1 || depth % count !== 0) return null;
  const blocks = depth / count;
  return Array.from({ length: count }, (_, group) => ({ firstBlock: group * blocks, blocks }));
}
