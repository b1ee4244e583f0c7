import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AnalysisEngine, analyze } from '#engine/analysis/analyze.ts';
import type { ClipView } from '#engine/analysis/clip-view.ts';
import { embedClip } from '#engine/analysis/embed-clip.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { reselectClip } from '#engine/analysis/reselect.ts';
import { type AnalysisRequest, resolveSettings } from '#engine/analysis/settings.ts';
import { probeVideo } from '#engine/video/probe.ts';
import type { SelectorRequest } from '#native-models/selection/selector.ts';
import { ofType, SAMPLE, tinyBundle } from '../../../fixtures/analysis.ts';

let engine: AnalysisEngine & AsyncDisposable;
/** The views of clip 1 as an analysis of everything above 0.5 leaves them. */
const kept: ClipView[] = [];

beforeAll(async () => {
  engine = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });
  const onView = (view: ClipView) => void (view.clip.index === 1 && kept.push(view));
  await Array.fromAsync(analyze(SAMPLE, {}, engine, undefined, { onView }));
});
afterAll(() => engine[Symbol.asyncDispose]());

const settingsOf = (request: AnalysisRequest) => resolveSettings(engine.model.bundle.manifest, request);

describe('a clip with other tokens kept', () => {
  test.each<SelectorRequest>([
    { name: 'interpreter', threshold: 0.45 },
    { name: 'interpreter', keep: 0.2 },
    { name: 'random', keep: 0.4, seed: 7 },
    { name: 'frame-difference' },
    { name: 'saliency', keep: 0.3 },
    { name: 'full' },
  ])('gives what a whole analysis with %o gives', async (selector) => {
    const events = await Array.fromAsync(analyze(SAMPLE, { selector }, engine));
    const expected = ofType(events, 'clip').find(({ clip }) => clip.index === 1)!;
    const scores = ofType(events, 'scores').filter(({ view }) => view.clip === 1);
    const [first, ...others] = kept;
    const anew = await reselectClip(engine.model, [first!, ...others], settingsOf({ selector }).selector, 5);
    expect(anew.clip).toEqual(expected.clip);
    expect(anew.probabilities).toEqual(expected.probabilities);
    expect(anew.scores).toEqual(scores.map(({ view }) => view));
  });
});

describe('a clip that was not kept', () => {
  test('is decoded and embedded as the analysis does it', async () => {
    const views = await embedClip(await probeVideo(SAMPLE), 1, engine.model, settingsOf({}));
    expect(views).toEqual(kept);
  });

  test('is refused when the plan has none of that number', async () => {
    const asking = embedClip(await probeVideo(SAMPLE), 99, engine.model, settingsOf({}));
    await expect(asking).rejects.toMatchObject({ code: 'span-outside-video' });
  });
});
