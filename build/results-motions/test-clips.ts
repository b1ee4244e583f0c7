import { viewTensor } from '#engine/video/views.ts';
import { motionClip } from '#native-models/motions/motion-clip.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { Measuring } from './measuring.ts';

/** One clip of the test split as the model sees it: the whole picture, which is as large as its input. */
export interface TestClip {
  readonly index: number;
  readonly label: number;
  /** `[3, frames, side, side]`, normalised. */
  readonly pixels: Float32Array<ArrayBuffer>;
  /** `[frames, side, side]`, 1 where the figure is. */
  readonly mask: Uint8Array;
}

/** Draws the first clips of the test split one after another, and tells how far `work` has come. */
export function* testClips(work: string, { model, clips, signal, onProgress }: Measuring): Generator<TestClip, void> {
  const { numFrames: frames, imageSize: size } = model.config;
  for (let index = 0; index < clips; index++) {
    signal?.throwIfAborted();
    const { pixels, mask, label } = motionClip('test', index, { frames, size });
    yield { index, label, pixels: viewOf(model, pixels), mask };
    onProgress(work, index + 1, clips);
  }
}

/**
 * Drawn frames as the model's input.
 *
 * @param frames `[frames, side, side, 3]`, 0–255.
 * @returns `[3, frames, side, side]`, normalised.
 */
export function viewOf({ bundle, config }: VideoModel, frames: Uint8Array): Float32Array<ArrayBuffer> {
  const { imageSize: side } = config;
  return viewTensor({ width: side, height: side, frames }, [0, 0], side, bundle.manifest.preprocessing);
}
