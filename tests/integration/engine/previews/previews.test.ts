import { execFile } from 'node:child_process';
import { copyFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { PreviewEvent } from '#contract/videos.ts';
import { SAMPLE } from '../../../fixtures/analysis.ts';
import { writeBarCodeVideo } from '../../../fixtures/bar-code-video.ts';
import { dataFolder, hostedEngine, sharedEngine } from '../../../fixtures/engine-host.ts';

const engine = sharedEngine();
/** Two videos of two seconds. */
let videos: string[];

beforeAll(async () => {
  videos = [25, 30].map((rate) => join(engine.folder, `video-${rate}.avi`));
  for (const [i, path] of videos.entries()) {
    const rate = i === 0 ? '25' : '30';
    await writeBarCodeVideo(path, { frames: 2 * Number(rate), rate, encode: ['-c:v', 'mpeg4', '-q:v', '3'] });
  }
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const previews = async () => (await readdir(join(engine.folder, 'previews')).catch(() => [])).sort();
const forgetAll = () => rm(join(engine.folder, 'previews'), { recursive: true, force: true });
const isDone = (event: PreviewEvent | undefined) => event?.type === 'done';

/** From now on a preview takes as long as its video lasts, however fast the machine is. */
async function playedInRealTime(): Promise<void> {
  const path = join(engine.folder, 'unhurried-ffmpeg');
  const script = `case "\${!#}" in *.part) exec ffmpeg -re "$@";; *) exec ffmpeg "$@";; esac`;
  await writeFile(path, `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  vi.stubEnv('FFMPEG_PATH', path);
}

async function ffmpegRuns(): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['--ppid', String(process.pid), '-o', 'comm=']);
  return stdout.split('\n').filter((name) => name.trim() === 'ffmpeg').length;
}

describe('a preview', () => {
  test('of a video that needs one is made once, and found again for a copy of the video', async () => {
    const path = join(engine.folder, 'mpeg4.avi');
    await writeBarCodeVideo(path, { frames: 50, rate: '25', encode: ['-c:v', 'mpeg4', '-q:v', '3'] });
    const video = await engine.client.videos.open({ file: await engine.grant(path) });
    expect(video).toMatchObject({ codec: 'mpeg4', playback: 'proxy' });
    const events = await Array.fromAsync(engine.client.videos.preview({ file: video.file }));
    expect(events[0]).toEqual({ type: 'progress', secondsDone: 0, secondsTotal: 2 });
    const [done] = events.splice(-1);
    expect(events.every(({ type }) => type === 'progress')).toBe(true);

    const copy = join(engine.folder, 'copy.avi');
    await copyFile(path, copy);
    const again = await Array.fromAsync(engine.client.videos.preview({ file: await engine.grant(copy) }));
    expect(again).toEqual([done]);
    expect(await previews()).toHaveLength(1);
    expect(JSON.stringify([done, events])).not.toContain(engine.folder);
  });

  test('is a file that windows may ask for, and no recent one', async () => {
    const recent = await engine.client.videos.recent();
    const [done] = await Array.fromAsync(
      engine.client.videos.preview({ file: await engine.grant(join(engine.folder, 'copy.avi')) }),
    );
    if (done?.type !== 'done') throw new Error('It was made before.');
    expect(await engine.client.videos.open({ file: done.preview })).toMatchObject({
      codec: 'h264',
      playback: 'direct',
    });
    expect(await engine.client.videos.recent()).toEqual(recent);
  });

  test('may be asked for of any video, because a player may fail with any', async () => {
    const { file, playback } = await engine.client.videos.openSample();
    expect(playback).toBe('direct');
    const events = await Array.fromAsync(engine.client.videos.preview({ file }));
    expect(isDone(events.at(-1))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')(
    'that is asked for twice at once is made once, and both are told',
    async () => {
      await forgetAll();
      await playedInRealTime();
      const file = await engine.grant(videos[0]!);
      const [first, second] = await Promise.all([
        Array.fromAsync(engine.client.videos.preview({ file })),
        Array.fromAsync(engine.client.videos.preview({ file })),
      ]);
      expect(first.at(-1)).toEqual(second.at(-1));
      expect(isDone(first.at(-1))).toBe(true);
      expect(await previews()).toHaveLength(1);
    },
  );

  test.skipIf(process.platform === 'win32')('that one of two calls off goes on for the other', async () => {
    await forgetAll();
    await playedInRealTime();
    const file = await engine.grant(videos[0]!);
    const staying = Array.fromAsync(engine.client.videos.preview({ file }));
    for await (const event of engine.client.videos.preview({ file })) if (event.type === 'progress') break;
    expect(isDone((await staying).at(-1))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('that nobody wants any more ends at once and leaves nothing', async () => {
    await forgetAll();
    await playedInRealTime();
    const file = await engine.grant(videos[0]!);
    const stop = new AbortController();
    const asking = Array.fromAsync(engine.client.videos.preview({ file }, { signal: stop.signal }));
    asking.catch(() => {});
    await expect.poll(previews, { timeout: 20_000 }).toHaveLength(1);
    stop.abort();
    await expect(asking).rejects.toThrow();
    await expect.poll(previews).toEqual([]);
    expect(await ffmpegRuns()).toBe(0);
    // Asked for once more, it is made anew.
    expect(isDone((await Array.fromAsync(engine.client.videos.preview({ file }))).at(-1))).toBe(true);
  });

  test.skipIf(process.platform === 'win32')('waits while another one is made', async () => {
    await forgetAll();
    await playedInRealTime();
    let most = 0;
    const watch = setInterval(
      () =>
        void ffmpegRuns().then((runs) => {
          most = Math.max(most, runs);
        }),
      100,
    );
    const files = await Promise.all(videos.map(engine.grant));
    const all = await Promise.all(files.map((file) => Array.fromAsync(engine.client.videos.preview({ file }))));
    clearInterval(watch);
    expect(all.map((events) => isDone(events.at(-1)))).toEqual([true, true]);
    expect(most).toBe(1);
    expect(await previews()).toHaveLength(2);
  });

  test('takes the room that the settings give', async () => {
    // Small ones, grown to half a bound.
    for (const name of await previews()) await truncate(join(engine.folder, 'previews', name), 2 ** 19 + 1);
    expect(await previews()).toHaveLength(2);
    const { storage } = await engine.client.settings.read();
    await engine.client.settings.change({ storage: { ...storage, previewBytes: 2 ** 20 } });
    await expect.poll(previews).toHaveLength(1);
    await engine.client.settings.change({ storage });
  });

  test('of a file that is gone, or no video, says so', async () => {
    const path = join(engine.folder, 'gone.mp4');
    await copyFile(SAMPLE, path);
    const file = await engine.grant(path);
    await rm(path);
    const asking = (one: string) => Array.fromAsync(engine.client.videos.preview({ file: one }));
    await expect(asking(file)).rejects.toMatchObject({ code: 'file-not-found' });
    await expect(asking(await engine.grant(import.meta.filename))).rejects.toMatchObject({ code: 'not-a-video' });
    await expect(asking('A'.repeat(22))).rejects.toMatchObject({ code: 'file-unknown' });
  });
});

test.skipIf(process.platform === 'win32')('an engine that ends leaves no ffmpeg and no half preview', async () => {
  await playedInRealTime();
  await using other = await dataFolder();
  const ending = await hostedEngine();
  const { file } = await ending.workspace.files.grant(videos[1]!);
  const asking = Array.fromAsync(ending.client.videos.preview({ file }));
  asking.catch(() => {});
  const folder = join(other.path, 'previews');
  await expect.poll(() => readdir(folder).catch(() => []), { timeout: 20_000 }).toHaveLength(1);
  await ending[Symbol.asyncDispose]();
  expect(await readdir(folder)).toEqual([]);
});
