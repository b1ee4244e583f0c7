import { beforeAll, describe, expect, test } from 'vitest';
import { backgroundFamilies, backgroundFamily } from '../../../../native-models/motions/backgrounds/background.ts';
import { motionClasses } from '../../../../native-models/motions/classes.ts';
import { motionClip } from '../../../../native-models/motions/motion-clip.ts';
import { clipLabel, splitRanges } from '../../../../native-models/motions/splits.ts';

const classes = motionClasses.length;
const clips = 60 * classes;
const [frames, size] = [8, 32];
const chance = 1 / classes;
/** Guessing reaches this once in some 30,000 tries: four standard deviations above chance, over half of the clips. */
const luck = chance + 4 * Math.sqrt((chance * (1 - chance)) / (clips / 2));

interface Clip {
  readonly label: number;
  /** Mean over the frames, pixels. */
  readonly area: number;
  /** Of one frame: area, width and height of the silhouette. */
  readonly silhouette: readonly number[];
  /** Mean and spread of the colour around the figure. */
  readonly surroundings: readonly number[];
}

let described: Clip[];

beforeAll(() => {
  described = Array.from({ length: clips }, (_, index) => describeClip(index));
});

function describeClip(index: number): Clip {
  const { pixels, mask, label } = motionClip('train', index, { frames, size });
  const plane = size * size;
  const area = mask.reduce((sum, value) => sum + value, 0) / frames;
  const [columns, rows] = [new Set<number>(), new Set<number>()];
  let inFrame = 0;
  const sums = [0, 0, 0, 0, 0, 0];
  // A frame of every clip, a different one each time.
  const from = (index % frames) * plane;
  for (let pixel = 0; pixel < plane; pixel++) {
    if (mask[from + pixel] === 1) {
      inFrame++;
      columns.add(pixel % size);
      rows.add(Math.floor(pixel / size));
      continue;
    }
    for (let c = 0; c < 3; c++) {
      const value = pixels[3 * (from + pixel) + c]!;
      sums[c]! += value / plane;
      sums[3 + c]! += value ** 2 / plane;
    }
  }
  return { label, area, silhouette: [inFrame, columns.size, rows.size], surroundings: sums };
}

/** Share of the second half of the clips whose class has the nearest mean, over the first half, of `features`. */
function nearestMean(features: (clip: Clip) => readonly number[]): number {
  const values = described.map(features);
  const width = values[0]!.length;
  const learn = values.slice(0, clips / 2);
  const column = (rows: readonly (readonly number[])[], d: number) => rows.map((row) => row[d]!);
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const dimensions = Array.from({ length: width }, (_, d) => d);
  const spread = dimensions.map((d) => {
    const list = column(learn, d);
    return mean(list.map((value) => (value - mean(list)) ** 2)) + 1e-9;
  });
  const centres = motionClasses.map((_, label) => {
    const own = learn.filter((_, i) => described[i]!.label === label);
    return dimensions.map((d) => mean(column(own, d)));
  });
  let right = 0;
  for (let i = clips / 2; i < clips; i++) {
    const distances = centres.map((centre) =>
      dimensions.reduce((sum, d) => sum + (values[i]![d]! - centre[d]!) ** 2 / spread[d]!, 0),
    );
    if (distances.indexOf(Math.min(...distances)) === described[i]!.label) right++;
  }
  return right / (clips / 2);
}

describe('the class cannot be read', () => {
  test("off the silhouette's size", () => {
    expect(nearestMean(({ area }) => [area])).toBeLessThan(luck);
  });

  test("off one frame's silhouette size", () => {
    expect(nearestMean(({ silhouette }) => silhouette.slice(0, 1))).toBeLessThan(luck);
  });

  test('off the colours around the figure', () => {
    expect(nearestMean(({ surroundings }) => surroundings)).toBeLessThan(luck);
  });

  test("reliably off one frame's bounding box, though a box does say something of a pose", () => {
    const accuracy = nearestMean(({ silhouette }) => silhouette);
    // That it is above chance also shows that this classifier finds what there is to find.
    expect(accuracy).toBeGreaterThan(luck);
    expect(accuracy).toBeLessThan(0.25);
  });

  test('off the kind of background', () => {
    const scenes = 4000;
    const counts = motionClasses.map(() => backgroundFamilies.map(() => 0));
    const totals = backgroundFamilies.map(() => 0);
    const used = scenes - (scenes % classes);
    for (let index = 0; index < used; index++) {
      const family = backgroundFamilies.indexOf(backgroundFamily(splitRanges.train.firstBackground + index));
      counts[clipLabel('train', index)]![family]!++;
      totals[family]!++;
    }
    // Pearson's chi-squared of independence; mean = degrees of freedom k, variance 2k.
    let squares = 0;
    for (const row of counts) {
      for (const [family, count] of row.entries()) {
        const expected = totals[family]! / classes;
        squares += (count - expected) ** 2 / expected;
      }
    }
    const freedom = (classes - 1) * (backgroundFamilies.length - 1);
    expect(squares).toBeLessThan(freedom + 4 * Math.sqrt(2 * freedom));
    for (const total of totals) expect(total).toBeGreaterThan((0.7 * used) / backgroundFamilies.length);
  });
});

test('the figure covers between 15 and 30 % of the patches of an 8×8 grid', () => {
  let touched = 0;
  const sample = 120;
  for (let index = 0; index < sample; index++) {
    const { mask } = motionClip('val', index, { frames, size: 64 });
    const patches = new Set<number>();
    for (const [i, value] of mask.entries()) {
      if (value === 0) continue;
      const [x, y, frame] = [i % 64, Math.floor(i / 64) % 64, Math.floor(i / 4096)];
      patches.add((frame * 8 + (y >> 3)) * 8 + (x >> 3));
    }
    touched += patches.size / (64 * frames) / sample;
  }
  expect(touched).toBeGreaterThan(0.15);
  expect(touched).toBeLessThan(0.3);
});
