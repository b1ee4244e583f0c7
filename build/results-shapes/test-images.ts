import { viewTensor } from '#engine/video/views.ts';
import { shapeImage } from '#native-models/shapes/shape-image.ts';
import type { Measuring } from './measuring.ts';

/** One image of the test split as the model sees it. */
export interface TestImage {
  readonly index: number;
  readonly label: number;
  /** `[3, side, side]`, normalised. */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** `[side, side]`, 1 where the shape is. */
  readonly mask: Uint8Array;
}

/** Draws the first images of the test split one after another, and tells how far `work` has come. */
export function* testImages(
  work: string,
  { model, images, signal, onProgress }: Measuring,
): Generator<TestImage, void> {
  const { config, bundle } = model;
  const side = config.imageSize;
  for (let index = 0; index < images; index++) {
    signal?.throwIfAborted();
    const { pixels: frames, mask, label } = shapeImage('test', index, { size: side });
    const frame = { width: side, height: side, frames };
    yield { index, label, pixels: viewTensor(frame, [0, 0], side, bundle.manifest.preprocessing), mask };
    onProgress(work, index + 1, images);
  }
}
