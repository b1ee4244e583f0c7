import { join } from 'node:path';
import { expect, test } from 'vitest';
import { analyze } from '#engine/analysis/analyze.ts';
import { openEngine } from '#engine/analysis/open-engine.ts';
import { tinyBundle } from '../../../fixtures/analysis.ts';
import { ffmpeg } from '../../../fixtures/bar-code-video.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

const MINUTES = 20;

test(`memory stays flat over a video of ${MINUTES} minutes`, { timeout: 300_000 }, async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'long.mp4');
  const pattern = `testsrc2=size=320x240:rate=15:duration=${MINUTES * 60}`;
  await ffmpeg(['-f', 'lavfi', '-i', pattern, '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', path]);
  await using engine = await openEngine(await tinyBundle(), { device: 'cpu', precision: 'fp32' });

  let afterFirstMinute = 0;
  let largest = 0;
  let clips = 0;
  for await (const event of analyze(path, { views: 1 }, engine)) {
    if (event.type !== 'clip') continue;
    clips++;
    const resident = process.memoryUsage().rss / 2 ** 20;
    if (event.clip.startSeconds < 60) afterFirstMinute = Math.max(afterFirstMinute, resident);
    else largest = Math.max(largest, resident);
  }
  expect(clips).toBe(Math.round((MINUTES * 60) / (64 / 30)));
  expect(largest - afterFirstMinute).toBeLessThan(150);
});
