import type { RandomStream } from '#native-models/training/random-stream.ts';
import type { FrameStack, Preprocessing } from '../video/views.ts';

/** What a training view is cut like. */
export interface ViewSettings {
  /** Pixels of the view's side. */
  readonly size: number;
  readonly preprocessing: Preprocessing;
  /** Whether every other view is mirrored. */
  readonly flip: boolean;
}

/** Frames for training are a little larger than a view: 256 for 224, as TimeSformer is trained. */
const TRAINING_SCALE = 256 / 224;

/** Short side, in pixels, of the frames that training views of this size are cut out of. */
export function trainingShortSide(size: number): number {
  return Math.round(TRAINING_SCALE * size);
}

/**
 * A training view, `[3, T, size, size]`, normalised: a random square of the frames, at least as large as the view and at
 * most as high as the frames, scaled to the view's size, and mirrored or not; all frames alike.
 *
 * The largest squares are what an analysis sees, whose frames are as high as its views; the smallest are what TimeSformer's
 * random crops of larger frames see (published code, `datasets/transform.py`).
 */
export function randomView(
  { width, height, frames }: FrameStack,
  { size, preprocessing, flip }: ViewSettings,
  random: RandomStream,
): Float32Array<ArrayBuffer> {
  const most = Math.min(width, height);
  const side = Math.min(most, size + random.below(Math.max(1, most - size + 1)));
  const columns = samplesOf(random.below(width - side + 1), side, size, flip && random.below(2) === 1);
  const rows = samplesOf(random.below(height - side + 1), side, size, false);
  const count = frames.length / (width * height * 3);
  const view = new Float32Array(3 * count * size * size);
  for (let channel = 0; channel < 3; channel++) {
    const { mean, std } = { mean: preprocessing.mean[channel] ?? 0, std: preprocessing.std[channel] ?? 1 };
    const [scale, shift] = [1 / (255 * std), mean / std];
    let to = channel * count * size * size;
    for (let frame = 0; frame < count; frame++) {
      for (const row of rows) {
        const upper = (frame * height + row.first) * width;
        const lower = (frame * height + row.second) * width;
        for (const column of columns) {
          const [left, right] = [column.first * 3 + channel, column.second * 3 + channel];
          const above = mixed(frames[upper * 3 + left], frames[upper * 3 + right], column.weight);
          const below = mixed(frames[lower * 3 + left], frames[lower * 3 + right], column.weight);
          view[to++] = mixed(above, below, row.weight) * scale - shift;
        }
      }
    }
  }
  return view;
}

/** Where a pixel of the view lies between two of the frame, in one direction. */
interface Sample {
  readonly first: number;
  readonly second: number;
  /** Of the second, 0 … 1. */
  readonly weight: number;
}

/** Bilinear, with the centres of pixels at halves: a square as large as the view is copied exactly. */
function samplesOf(begin: number, side: number, size: number, mirrored: boolean): readonly Sample[] {
  const samples = Array.from({ length: size }, (_, i): Sample => {
    const at = Math.min(Math.max(((i + 0.5) * side) / size - 0.5, 0), side - 1);
    const first = Math.floor(at);
    return { first: begin + first, second: begin + Math.min(first + 1, side - 1), weight: at - first };
  });
  return mirrored ? samples.reverse() : samples;
}

function mixed(a = 0, b = 0, weight: number): number {
  return a + (b - a) * weight;
}
