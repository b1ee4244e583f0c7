import type { DeitConfig } from '#native-models/bundle/manifest.ts';
import { defaultPreprocessing } from '#native-models/bundle/preparation.ts';
import { shapeClasses } from '#native-models/shapes/classes.ts';
import { shapesVersion } from '#native-models/shapes/version.ts';
import type { Course } from '../training/course.ts';
import type { Recipe } from '../training/recipe.ts';

/** All that decides how a training on Shapes comes out, but for its length. */
export type ShapesRecipe = Recipe & {
  /** Groups of blocks, with an interpreter before each; 0 for a model without selection. */
  readonly groups: number;
  /** `linformer` attends to mixtures of all tokens, which leaves nothing to select. */
  readonly attention: 'full' | 'linformer';
  /** How many. */
  readonly mixtures: number;
};

/** A DeiT that learns Shapes by algorithm 1 of IA-RED². */
export function shapesCourse(recipe: ShapesRecipe): Course {
  const { size, patch, dim, blocks, heads, interpreterHeads, attention, mixtures } = recipe;
  const linformer = attention === 'linformer';
  const groups = linformer ? 0 : recipe.groups;
  const inGroup = blocks / groups;
  const architecture: DeitConfig = {
    kind: 'deit',
    imageSize: size,
    patchSize: patch,
    dim,
    depth: blocks,
    heads,
    mlpDim: 4 * dim,
    classes: shapeClasses.length,
    layerNormEps: 1e-6,
    ...(linformer ? { linformer: mixtures } : {}),
  };
  return {
    recipe,
    architecture,
    selection:
      groups === 0
        ? null
        : {
            heads: interpreterHeads,
            threshold: 0.5,
            groups: Array.from({ length: groups }, (_, group) => ({ firstBlock: group * inGroup, blocks: inGroup })),
          },
    fault: groups === 0 || Number.isInteger(inGroup) ? null : 'groups must divide blocks',
    data: { data: 'shapes', frames: 1 },
    inParts: !linformer,
    turns: { kind: 'groups' },
    bundle: {
      title: linformer
        ? 'Shapes, tiny DeiT with Linformer attention'
        : `Shapes, tiny DeiT${groups === 0 ? '' : ' with patch selection'}`,
      sampling: null,
      // Pictures of Shapes are as large as the model's input: none of a picture is cut off.
      preprocessing: {
        ...defaultPreprocessing(architecture),
        resize: { mode: 'short-side', filter: 'bicubic', cropFraction: 1 },
      },
      labels: shapeClasses,
      about: `**Data.** Shapes, version ${shapesVersion}: images of one drawn shape among pieces of others, made by this project. It knows these shapes; of photographs it has seen none.`,
    },
  };
}
