import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { analyze } from '#engine/analysis/analyze.ts';
import { resolveBundle } from '#native-models/bundle/store.ts';
import { verifyBundle } from '#native-models/bundle/verify-bundle.ts';
import { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import { VideoModel } from '#native-models/runtime/video-model.ts';
import { samplePath } from '../../../build/sample/encode.ts';
import { doneInClips, oneAfterAnother } from '../../../build/sample/one-after-another.ts';
import { ofType } from '../../fixtures/analysis.ts';

let runtime: InferenceRuntime;
beforeAll(async () => {
  runtime = await InferenceRuntime.start({ device: 'cpu', precision: 'fp32', threads: 2 });
});
afterAll(() => runtime[Symbol.asyncDispose]());

/** The answers for the clips of the demo's sample, and how much was kept. */
async function answers(selector: 'full' | 'interpreter') {
  const bundle = await resolveBundle('motions-tiny');
  await verifyBundle(bundle);
  const engine = { model: new VideoModel(bundle, runtime), runtime };
  const request = { views: 1, selector: { name: selector } } as const;
  const [done] = ofType(await Array.fromAsync(analyze(samplePath(oneAfterAnother), request, engine)), 'done');
  const clips = done!.analysis.clips;
  const right = clips.filter(({ oneClip }, i) => oneClip.top[0]?.label === doneInClips[i]);
  return { clips: clips.length, right: right.length, keepRatio: done!.analysis.summary.keepRatio };
}

describe('the model that comes with Patchlight, on a sample that it has not seen', () => {
  test('knows what is done when it sees everything', async () => {
    const { clips, right } = await answers('full');
    expect(clips).toBe(doneInClips.length);
    expect(right).toBeGreaterThanOrEqual(5);
  });

  test('knows most of it from the patches that its interpreter keeps', async () => {
    const { right, keepRatio } = await answers('interpreter');
    expect(right).toBeGreaterThanOrEqual(4);
    expect(keepRatio).toBeLessThan(0.5);
  });
});
