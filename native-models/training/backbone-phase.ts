import type { Value } from '../onnx/graph.ts';
import { add, divide, multiply, reduceSum, scale } from '../onnx/operators/arithmetic.ts';
import { linear } from '../onnx/operators/matrices.ts';
import { reshape, slice } from '../onnx/operators/shapes.ts';
import type { MaskedBatch, MaskedClipSource } from './clip-source.ts';
import type { GraphParts } from './computation.ts';
import { binaryCrossEntropy, crossEntropy } from './losses.ts';
import type { ParameterSet } from './parameter-set.ts';
import type { RandomStream } from './random-stream.ts';
import { earlyRegions, lateRegions, withReadOuts } from './region-read-outs.ts';
import { drawSeenTokens } from './seen-tokens.ts';
import { largestOfRows, type SelectingModel } from './selecting-model.ts';
import { StepGraph } from './step-graph.ts';
import type { StepResult, TrainingTask } from './training-task.ts';

/** What decides how a backbone is trained, but for the optimiser. */
export type BackboneRecipe = {
  /** Share of the target that is spread evenly over all classes, 0 … 1. */
  readonly labelSmoothing: number;
  /** How much the regions of the figure count beside the class of the clip. */
  readonly regionWeight: number;
  /** How much the same regions, read from the tokens before the first block, count. */
  readonly earlyRegionWeight: number;
  /** How much the class told by each token of the figure counts beside the class told by CLS. */
  readonly tokenClassWeight: number;
  /** How many patch tokens of each clip a step shows; all of them when `null`. Not for divided nor space-only attention. */
  readonly seenTokens: number | null;
  /** How many times likelier a token of the figure is among them than another. */
  readonly figureOdds: number;
};

export interface BackbonePhaseOptions extends BackboneRecipe {
  readonly model: SelectingModel;
  /** Where the backbone begins. */
  readonly backbone: ParameterSet;
  readonly clips: MaskedClipSource;
}

/**
 * Trains a backbone from nothing: cross-entropy of the clip's class and, to begin with something to be seen at once, two
 * losses of the last patch tokens: binary cross-entropy of a linear read-out against how much of the patch each region of
 * the figure covers, and the clip's class read from each token of the figure with the model's own head (token labelling,
 * Jiang et al. 2021). From the class alone a small model learns nothing for hundreds of steps.
 *
 * A step may show a part of each clip's tokens, drawn anew each time: it costs as much less, and makes the backbone used to
 * dropped tokens before there is an interpreter. None of it is in the paper, which begins with trained backbones.
 *
 * @throws RangeError when attention cannot do with a part of the tokens.
 */
export function backbonePhase(options: BackbonePhaseOptions): TrainingTask<MaskedBatch> {
  const { model, backbone, clips } = options;
  const recipe = recipeOf(options);
  const { seenTokens, figureOdds } = recipe;
  const { batchSize, tokenCount, architecture } = model;
  const { regionCount } = clips;
  const initial = withReadOuts(backbone, architecture.dim, regionCount);
  const common = model.computation(`backbone, ${regionCount} regions, ${JSON.stringify(recipe)}`);
  const graph = new StepGraph({ ...common, shapes: initial.shapes }, [...initial.shapes.keys()], (parts) =>
    lossOf(model, recipe, regionCount, parts),
  );
  const seen = seenTokens ?? tokenCount;

  const step = async (parameters: ParameterSet, batch: MaskedBatch, random: RandomStream, signal?: AbortSignal) => {
    const { foreground, regions, labels } = batch;
    const tokens =
      seenTokens === null ? null : drawSeenTokens(random, { foreground, tokenCount, seen: seenTokens, figureOdds });
    const { loss, gradients, outputs } = await graph.run(
      [parameters],
      {
        clips: model.clipFeed(batch.clips),
        labels: { dtype: 'int64', dims: [batchSize], data: BigInt64Array.from(labels, BigInt) },
        tokenLabels: {
          dtype: 'int64',
          dims: [batchSize * seen],
          data: BigInt64Array.from({ length: batchSize * seen }, (_, i) => BigInt(labels[Math.floor(i / seen)] ?? 0)),
        },
        regions: {
          dtype: 'float32',
          dims: [batchSize * seen, regionCount],
          data: tokens === null ? regions : regionsOf(regions, regionCount, tokens, tokenCount, seen),
        },
        ...(tokens === null
          ? {}
          : { seen: { dtype: 'int64', dims: [batchSize, seen], data: BigInt64Array.from(tokens, BigInt) } as const }),
      },
      signal,
    );
    const answers = largestOfRows(outputs.logits?.data as Float32Array, architecture.classes);
    const right = answers.filter((answer, clip) => answer === labels[clip]).length;
    const told = (name: string) => Number(outputs[name]?.data[0]);
    const figures = {
      accuracy: right / batchSize,
      classLoss: told('classLoss'),
      tokenClassLoss: told('tokenClassLoss'),
      regionLoss: told('regionLoss'),
      earlyRegionLoss: told('earlyRegionLoss'),
    };
    return { loss, gradients, figures } satisfies StepResult;
  };

  return {
    identity: { phase: 'backbone', model: model.identity, clips: clips.identity, ...recipe },
    initial,
    orthogonalizer: model.orthogonalizer,
    batch: (index) => clips.batch(index),
    step,
  };
}

function recipeOf(options: BackbonePhaseOptions): BackboneRecipe {
  const { labelSmoothing, regionWeight, earlyRegionWeight, tokenClassWeight, seenTokens, figureOdds } = options;
  return { labelSmoothing, regionWeight, earlyRegionWeight, tokenClassWeight, seenTokens, figureOdds };
}

function regionsOf(regions: Float32Array, count: number, tokens: Uint32Array, tokenCount: number, seen: number) {
  const taken = new Float32Array(tokens.length * count);
  for (const [i, token] of tokens.entries()) {
    const at = (Math.floor(i / seen) * tokenCount + token) * count;
    taken.set(regions.subarray(at, at + count), i * count);
  }
  return taken;
}

function lossOf(model: SelectingModel, recipe: BackboneRecipe, regions: number, parts: GraphParts): Value<'float32'> {
  const { graph, parameters, fusion } = parts;
  const { batchSize, tokenCount, architecture } = model;
  const { labelSmoothing, regionWeight, earlyRegionWeight, tokenClassWeight, seenTokens } = recipe;
  const { dim, classes } = architecture;
  const seen = seenTokens ?? tokenCount;
  const tokens = shownTokens(model, seenTokens, parts);
  const { logits, patches } = architecture.whole(parameters, tokens, fusion);
  const rows = reshape(patches(), [batchSize * seen, dim]);

  const covered = graph.input('regions', 'float32', [batchSize * seen, regions]);
  const regionLoss = binaryCrossEntropy(lateRegions(parameters, rows, regions), covered);
  const before = reshape(slice(tokens, 1, 1), [batchSize * seen, dim]);
  const earlyRegionLoss = binaryCrossEntropy(earlyRegions(parameters, before, regions), covered);

  // Each token counts by how much of the figure it shows.
  const figure = reduceSum(covered, [1], false);
  const told = linear(rows, parameters.get('head.weight', [classes, dim]), parameters.get('head.bias', [classes]));
  const tokenLabels = graph.input('tokenLabels', 'int64', [batchSize * seen]);
  const { perSample } = crossEntropy(told, tokenLabels, { labelSmoothing });
  const sum = (x: Value<'float32'>) => reduceSum(x, [0], false);
  const nothing = graph.constant('float32', [1], [1e-6]);
  const tokenClassLoss = reshape(divide(sum(multiply(perSample, figure)), add(sum(figure), nothing)), []);

  const classLoss = crossEntropy(logits, graph.input('labels', 'int64', [batchSize]), { labelSmoothing }).mean;
  graph.output('logits', logits);
  graph.output('classLoss', classLoss);
  graph.output('tokenClassLoss', tokenClassLoss);
  graph.output('regionLoss', regionLoss);
  graph.output('earlyRegionLoss', earlyRegionLoss);
  const where = add(scale(regionLoss, regionWeight), scale(earlyRegionLoss, earlyRegionWeight));
  return add(classLoss, add(where, scale(tokenClassLoss, tokenClassWeight)));
}

/** CLS and the tokens that a step shows of each clip: `[batch, 1 + seen, dim]`. */
function shownTokens(
  { architecture, batchSize, clipSizes }: SelectingModel,
  seenTokens: number | null,
  { graph, parameters }: GraphParts,
): Value<'float32'> {
  const clips = graph.input('clips', 'float32', clipSizes);
  if (seenTokens === null) return architecture.tokens(parameters, clips);
  if (architecture.seenTokens === null) {
    throw new RangeError('Only attention over all tokens at once can be trained on a part of them.');
  }
  return architecture.seenTokens(parameters, clips, graph.input('seen', 'int64', [batchSize, seenTokens]));
}
