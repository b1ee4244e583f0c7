import type { ClipResult, Crop, ViewScores } from '#contract/analysis.ts';
import type { FinishedAnalysis } from '../export/video/finished-analysis.ts';
import { cropOrigins, scaledSize } from '../video/views.ts';
import type { TestVideo } from './test-video.ts';

const IMAGE_SIZE = 224;
const PATCH_SIZE = 16;
const FRAMES = 8;
const CLIP_SECONDS = (FRAMES * 32) / 30;
const CROPS: readonly Crop[] = ['center', 'left', 'right'];

/** An analysis as TimeSformer-B/16 gives it, with scores that change from frame to frame; nothing is computed for it. */
export function madeUpAnalysis({ width, height, seconds }: TestVideo): FinishedAnalysis {
  const size = scaledSize(width, height, IMAGE_SIZE);
  const origins = new Map(
    cropOrigins(size.width, size.height, IMAGE_SIZE).map(({ name, origin }) => [name, origin] as const),
  );
  const clips = Array.from({ length: Math.ceil(seconds / CLIP_SECONDS) }, (_, index) => clipResult(index, seconds));
  return {
    model: { name: 'made-up', imageSize: IMAGE_SIZE, patchSize: PATCH_SIZE, trained: true },
    settings: { selector: 'interpreter' },
    clips,
    scores: async (clip) =>
      CROPS.map((crop): ViewScores => {
        const { index, startSeconds, endSeconds, frameSeconds } = clip;
        const tokens = FRAMES * (IMAGE_SIZE / PATCH_SIZE) ** 2;
        const scores = Float32Array.from({ length: tokens }, (_, token) => (Math.sin(token * 12.9898 + index) + 1) / 2);
        const kept = Uint32Array.from([...scores.keys()].filter((token) => (scores[token] ?? 0) > 0.7));
        const place = { origin: origins.get(crop) ?? ([0, 0] as const), frameSize: [size.width, size.height] as const };
        return { clip: index, crop, ...place, startSeconds, endSeconds, frameSeconds, scores, kept };
      }),
  };
}

function clipResult(index: number, seconds: number): ClipResult {
  const top = [{ index: 0, label: `action ${index}`, probability: 0.3 + (index % 7) / 10 }];
  const startSeconds = index * CLIP_SECONDS;
  const frameSeconds = Array.from({ length: FRAMES }, (_, i) => startSeconds + (i * CLIP_SECONDS) / FRAMES);
  const view = { origin: [0, 0] as [number, number], keptTokens: 3, totalTokens: 10, gmacs: 0, top };
  return {
    ...{ index, startSeconds, endSeconds: Math.min(startSeconds + CLIP_SECONDS, seconds) },
    ...{ frameIndices: frameSeconds.map((_, i) => i), frameSeconds },
    views: CROPS.map((crop) => ({ crop, ...view })),
    oneClip: { top },
    threeClip: { top, agrees: true },
  };
}
