import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PatchlightError } from '#contract/errors.ts';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { DEFAULT_VIDEO_EXPORT } from '#contract/video-export.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { BatchStore } from '#engine/batch/batch-store.ts';
import { analyseVideo } from '#engine/batch/export-video.ts';
import { EXPORT_FORMATS } from '#engine/export/formats.ts';
import { TargetClaims } from '#engine/export/targets/target-claims.ts';
import { KnownVideos } from '#engine/files/known-videos.ts';
import { CLIPS, tinyBundle } from '../../../fixtures/analysis.ts';
import { type DataFolder, dataFolder } from '../../../fixtures/engine-host.ts';

const NAMES = existsSync(CLIPS) ? readdirSync(CLIPS).filter((name) => extname(name) !== '.json') : [];
/** In these nothing can be analysed, which is said. */
const REFUSED = ['audio-only.mp4', 'empty.mp4', 'not-a-video.mp4', 'truncated-no-moov.mp4'];
const REQUEST = {
  model: 'untrained-tiny',
  views: 1,
  selector: {},
  topK: 3,
  span: { startSeconds: 0, endSeconds: 1 },
} as const;
/** Half a second is enough to meet whatever is awkward in a file. */
const SETTINGS = {
  intervals: { ...DEFAULT_INTERVAL_RULE, minimumProbability: 0 },
  video: { ...DEFAULT_VIDEO_EXPORT, span: { startSeconds: 0, endSeconds: 0.5 } },
};

describe.skipIf(NAMES.length === 0)('footage of other people (skipped without ../shared/clips)', () => {
  let data: DataFolder;
  let engine: Awaited<ReturnType<typeof openEngine>>;
  beforeAll(async () => {
    data = await dataFolder();
    engine = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });
  });
  afterAll(async () => {
    await engine[Symbol.asyncDispose]();
    await data[Symbol.asyncDispose]();
  });

  test.each(NAMES)('%s is exported in every kind, or refused with a reason', async (name) => {
    const folder = join(data.path, 'out', name);
    const { signal } = new AbortController();
    const analysed = analyseVideo(
      join(CLIPS, name),
      {
        ...{ store: new BatchStore(join(data.path, 'batch')), videos: new KnownVideos(), bundle: engine.model.bundle },
        ...{ request: REQUEST, overwrite: false, claims: new TargetClaims() },
        exports: EXPORT_FORMATS.map((format) => ({ format, folder, pattern: format.pattern })),
        settings: SETTINGS,
        engine: async () => engine,
        onAnalysis: () => {},
        onExport: () => {},
      },
      signal,
    );
    if (REFUSED.includes(name)) {
      await expect(analysed).rejects.toBeInstanceOf(PatchlightError);
      return;
    }
    await using video = await analysed;
    const { exports, analysis } = await video.export(signal);
    expect(exports.map(({ failure }) => failure)).toEqual(EXPORT_FORMATS.map(() => null));
    const files = EXPORT_FORMATS.reduce((sum, { files }) => sum + (files === 'one' ? 1 : analysis.clips.length), 0);
    expect(await readdir(folder)).toHaveLength(files);
  });
});
