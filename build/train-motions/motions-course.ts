import type { AttentionType, InterpreterKind, TimesformerConfig } from '#native-models/bundle/manifest.ts';
import { defaultPreprocessing } from '#native-models/bundle/preparation.ts';
import { motionClasses } from '#native-models/motions/classes.ts';
import { sceneFrames } from '#native-models/motions/scene/clock.ts';
import { motionsVersion } from '#native-models/motions/version.ts';
import type { Course } from '../training/course.ts';
import type { Recipe } from '../training/recipe.ts';

/** All that decides how a training on Motions comes out, but for its length. */
export type MotionsRecipe = Recipe & {
  readonly attention: AttentionType;
  readonly frames: number;
  /** `none` for a model without selection. */
  readonly interpreter: InterpreterKind | 'none';
  /** How often the policy and the fine-tune phase take turns. */
  readonly rounds: number;
};

/** A TimeSformer that learns Motions, with one interpreter or none. */
export function motionsCourse(recipe: MotionsRecipe): Course {
  const { attention, size, patch, frames, dim, blocks, heads, interpreter, interpreterHeads, rounds } = recipe;
  const architecture: TimesformerConfig = {
    kind: 'timesformer',
    attention,
    numFrames: frames,
    imageSize: size,
    patchSize: patch,
    dim,
    depth: blocks,
    heads,
    mlpDim: 4 * dim,
    classes: motionClasses.length,
    layerNormEps: 1e-6,
  };
  return {
    recipe,
    architecture,
    selection:
      interpreter === 'none'
        ? null
        : { interpreter, heads: interpreterHeads, threshold: 0.5, groups: [{ firstBlock: 0, blocks }] },
    fault: sceneFrames % frames === 0 ? null : `frames must divide ${sceneFrames}`,
    data: { data: 'motions', frames },
    inParts: attention === 'joint_space_time',
    turns: { kind: 'rounds', count: rounds },
    bundle: {
      title: `Motions, tiny TimeSformer ${interpreter === 'none' ? 'without' : 'with'} patch selection`,
      sampling: { numFrames: frames, samplingRate: sceneFrames / frames },
      preprocessing: defaultPreprocessing(architecture),
      labels: motionClasses,
      about: `**Data.** Motions, version ${motionsVersion}: clips of drawn figures in front of drawn backgrounds, made by this project. It knows these figures; of real people it has seen none.`,
    },
  };
}
