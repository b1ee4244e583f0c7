import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { viewTensor } from '#engine/video/views.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { ImageModel } from '#native-models/runtime/image-model.ts';
import { ImageRun } from '#native-models/runtime/image-run.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { resolveImageSelector } from '#native-models/selection/image-selector.ts';
import { shapeImage } from '#native-models/shapes/shape-image.ts';

const IMAGES = 60;
/** Behind those that the tables of results are about. */
const FIRST = 100_000;

let runtime: InferenceRuntime;
let model: ImageModel;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 2 });
  const bundle = await resolveBundle('shapes-deit-tiny');
  await verifyBundle(bundle);
  model = new ImageModel(bundle, runtime);
});
afterAll(() => runtime[Symbol.asyncDispose]());

/** Share of right answers, and what was kept and computed, over the same images. */
async function judged(name: 'full' | 'interpreter') {
  const { manifest } = model.bundle;
  const side = model.config.imageSize;
  const selector = resolveImageSelector(manifest, { name });
  let [right, kept, gmacs] = [0, 0, 0];
  for (let index = FIRST; index < FIRST + IMAGES; index++) {
    const { pixels: frames, label } = shapeImage('test', index, { size: side });
    const view = viewTensor({ width: side, height: side, frames }, [0, 0], side, manifest.preprocessing);
    const { groups, logits } = await (await ImageRun.begin(model, view)).select(selector);
    const counts = groups.map((group) => group.kept.length);
    if (logits.indexOf(Math.max(...logits)) === label) right++;
    kept += counts.reduce((sum, count) => sum + count) / (groups.length * model.patchCount * IMAGES);
    gmacs += model.cost(counts, name === 'interpreter').total / IMAGES;
  }
  return { accuracy: right / IMAGES, kept, gmacs };
}

describe('the image model that comes with Patchlight, on images that it has not seen', () => {
  test('knows nearly as many from the patches that its interpreters keep, at half of the cost', async () => {
    const [full, selected] = [await judged('full'), await judged('interpreter')];
    expect(full.kept).toBeCloseTo(1, 9);
    expect(full.accuracy).toBeGreaterThan(0.8);
    expect(selected.accuracy).toBeGreaterThan(full.accuracy - 0.06);
    expect(selected.kept).toBeLessThan(0.5);
    expect(selected.gmacs).toBeLessThan(full.gmacs / 2);
  });
});
