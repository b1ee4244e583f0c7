import { type HeatMap, patchMap } from '#native-models/heat-maps/heat-map.ts';
import type { SelectedGroup } from '#native-models/runtime/image-run.ts';
import { randomScores } from '#native-models/selection/random-scores.ts';
import { softmax } from '../analysis/predictions.ts';
import type { ImageEngine } from './image-engine.ts';
import { type ImageMapName, interpreterGroup, type Method } from './map-names.ts';
import { occlusion } from './occlusion.ts';

/** What a map is about. */
export interface ExplainedImage {
  /** `[3, side, side]`, normalised. */
  readonly image: Float32Array;
  /** The class whose evidence is looked for; interpreters and attention alone do not know of classes. */
  readonly wanted: number;
  /** What the interpreters made of it. */
  readonly groups: readonly SelectedGroup[];
  /** Numbers the images, so that chance differs between them and repeats between runs. */
  readonly stream: number;
}

/**
 * One heat map of an image, a score for each patch.
 *
 * @throws RangeError when the model has no such interpreter
 * @throws what inference throws, the signal's reason
 */
export async function imageMap(
  engine: ImageEngine,
  name: ImageMapName,
  explained: ExplainedImage,
  signal?: AbortSignal,
): Promise<HeatMap> {
  const group = interpreterGroup(name);
  if (group === null) return await METHOD_MAPS[name as Method](engine, explained, signal);
  const scores = explained.groups[group]?.scores;
  if (!scores) throw new RangeError(`The model has no interpreter ${group + 1}.`);
  return patchMap(scores);
}

type MapOf = (engine: ImageEngine, explained: ExplainedImage, signal?: AbortSignal) => Promise<HeatMap>;

const METHOD_MAPS: Record<Method, MapOf> = {
  attention: ({ heatMaps }, { image }, signal) => heatMaps.rawAttention(image, signal),
  'attention-rollout': ({ heatMaps }, { image }, signal) => heatMaps.attentionRollout(image, signal),
  'attention-gradient': ({ heatMaps }, { image, wanted }, signal) => heatMaps.gradientAttention(image, wanted, signal),
  'input-gradient': ({ heatMaps }, { image, wanted }, signal) => heatMaps.inputGradient(image, wanted, signal),
  occlusion: ({ model }, { image, wanted }, signal) => {
    const { imageSize: side, patchSize, classes } = model.config;
    const classify = async (images: Float32Array) => {
      const logits = await model.classify(images, signal);
      return Array.from({ length: logits.length / classes }, (_, i) =>
        softmax(logits.subarray(i * classes, (i + 1) * classes)),
      );
    };
    return occlusion({ image, side, patchSize, wanted, classify });
  },
  random: async ({ model }, { stream }) => patchMap(randomScores(model.patchCount, 0, stream)),
};
