import { basename, extname } from 'node:path';
import type { HeatMap } from '#native-models/heat-maps/heat-map.ts';
import { OutsideModel } from '#native-models/heat-maps/outside-model.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { Box, Picture } from '../images/picture.ts';
import { tensorOf } from '../images/prepare-image.ts';
import { resample } from '../images/resample.ts';

/** ImageNet's, which nearly all published models want. */
const STATISTICS = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/** Maps by a model of the user's. */
export interface OutsideMap {
  /** The file's, without its ending. */
  readonly name: string;
  /** Of a rectangle of a picture; `side` is what a model is given that takes pictures of any size. */
  map(picture: Picture, box: Box, side: number, signal?: AbortSignal): Promise<HeatMap>;
}

/** @throws as {@link OutsideModel.open} */
export async function outsideMap(path: string, runtime: InferenceRuntime): Promise<OutsideMap> {
  const model = await OutsideModel.open(path, runtime);
  return {
    name: basename(path, extname(path)),
    async map(picture, box, side, signal) {
      const size = { width: model.width ?? side, height: model.height ?? side };
      const { pixels } = resample(picture, size, 'bicubic', box);
      return await model.map(tensorOf({ ...size, pixels }, STATISTICS), size.width, size.height, signal);
    },
  };
}
