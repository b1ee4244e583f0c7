import { projectionNames } from '../architectures/linformer.ts';
import type { Architecture, Selection } from './manifest.ts';

/** `[out, in]`, `[size]`, … as published. */
export type ParameterShape = readonly number[];

/**
 * Every parameter that a model of this architecture has, by its original name, in the order of the original files.
 *
 * The one list that importing, loading, training and random weights agree on.
 *
 * @param selection Interpreters, one for each group of blocks; they come last, as `interpreter.G.qk` and, where they see
 *   motion, `interpreter.G.motion`.
 */
export function expectedParameters(
  architecture: Architecture,
  selection: Selection | null,
): ReadonlyMap<string, ParameterShape> {
  const { dim, patchSize, imageSize, depth, classes } = architecture;
  const parameters = new Map<string, ParameterShape>([
    ['cls_token', [1, 1, dim]],
    ['pos_embed', [1, 1 + (imageSize / patchSize) ** 2, dim]],
  ]);
  if (architecture.kind === 'timesformer' && architecture.attention !== 'space_only') {
    parameters.set('time_embed', [1, architecture.numFrames, dim]);
  }
  parameters.set('patch_embed.proj.weight', [dim, 3, patchSize, patchSize]).set('patch_embed.proj.bias', [dim]);
  for (let block = 0; block < depth; block++) {
    addBlock(parameters, `blocks.${block}`, architecture);
    if (architecture.kind !== 'deit' || architecture.linformer === undefined) continue;
    const shape = [architecture.linformer, 1 + (imageSize / patchSize) ** 2];
    for (const name of projectionNames(block)) parameters.set(name, shape);
  }
  addNorm(parameters, 'norm', dim);
  addLinear(parameters, 'head', classes, dim);
  const groups = selection?.groups.length ?? 0;
  for (let group = 0; group < groups; group++) {
    addLinear(parameters, `interpreter.${group}.qk`, 2 * dim, dim);
    if (selection?.interpreter === 'motion-aware') parameters.set(`interpreter.${group}.motion.weight`, [dim, dim]);
  }
  return parameters;
}

/** True for the scales of the normalisations: the one kind of weight that starts at one instead of near zero. */
export function isNormScale(name: string): boolean {
  return /(^|\.)(norm|norm1|norm2|temporal_norm1)\.weight$/.test(name);
}

function addBlock(parameters: Map<string, ParameterShape>, block: string, architecture: Architecture): void {
  const { dim, mlpDim } = architecture;
  addNorm(parameters, `${block}.norm1`, dim);
  addLinear(parameters, `${block}.attn.qkv`, 3 * dim, dim);
  addLinear(parameters, `${block}.attn.proj`, dim, dim);
  if (architecture.kind === 'timesformer' && architecture.attention === 'divided_space_time') {
    addNorm(parameters, `${block}.temporal_norm1`, dim);
    addLinear(parameters, `${block}.temporal_attn.qkv`, 3 * dim, dim);
    addLinear(parameters, `${block}.temporal_attn.proj`, dim, dim);
    addLinear(parameters, `${block}.temporal_fc`, dim, dim);
  }
  addNorm(parameters, `${block}.norm2`, dim);
  addLinear(parameters, `${block}.mlp.fc1`, mlpDim, dim);
  addLinear(parameters, `${block}.mlp.fc2`, dim, mlpDim);
}

function addNorm(parameters: Map<string, ParameterShape>, name: string, size: number): void {
  parameters.set(`${name}.weight`, [size]).set(`${name}.bias`, [size]);
}

function addLinear(parameters: Map<string, ParameterShape>, name: string, to: number, from: number): void {
  parameters.set(`${name}.weight`, [to, from]).set(`${name}.bias`, [to]);
}
