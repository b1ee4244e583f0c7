import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { probeVideo } from '#engine/video/probe.ts';
import { ffmpeg, H264, writeBarCodeVideo } from '../../../fixtures/bar-code-video.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let plain: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  plain = await writeBarCodeVideo(join(folder.path, 'plain.mp4'), { frames: 50, rate: '25', encode: H264 });
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

async function write(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder.path, name);
  await writeFile(path, content);
  return path;
}

describe('probeVideo', () => {
  test('says what the file holds', async () => {
    expect(await probeVideo(plain)).toMatchObject({
      path: plain,
      codec: 'h264',
      width: 240,
      height: 96,
      rotation: 0,
      framesPerSecond: 25,
      constantRate: true,
      presentedFrames: 50,
      durationSeconds: 2,
      startSeconds: 0,
      interlaced: false,
      bitDepth: 8,
      hasAudio: false,
      warnings: [],
    });
  });

  test('sees sound beside the pictures', async () => {
    const path = join(folder.path, 'sound.mp4');
    await ffmpeg(['-i', plain, '-f', 'lavfi', '-i', 'sine=duration=2', '-c:v', 'copy', '-c:a', 'aac', path]);
    expect(await probeVideo(path)).toMatchObject({ hasAudio: true, presentedFrames: 50 });
  });
});

describe('probeVideo refuses', () => {
  test.each([
    ['nothing at all', 'missing.mp4', null, 'file-not-found'],
    ['an empty file', 'empty.mp4', '', 'file-empty'],
    ['text called video', 'text.mp4', 'this is not a video', 'not-a-video'],
    ['text', 'notes.txt', 'these are notes\n', 'not-a-video'],
    [
      'random bytes',
      'noise.mp4',
      Uint8Array.from({ length: 5000 }, (_, i) => (i * i * 31 + (i >> 3)) & 255),
      'not-a-video',
    ],
    ['a playlist', 'list.m3u8', '#EXTM3U\n#EXTINF:2,\nplain.mp4\n', 'playlist-refused'],
    [
      'a playlist called video',
      'list.mp4',
      '#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nplain.mp4\n',
      'playlist-refused',
    ],
    ['a concat script called video', 'concat.mp4', "ffconcat version 1.0\nfile 'plain.mp4'\n", 'playlist-refused'],
    [
      'a DASH manifest called video',
      'dash.mp4',
      '<?xml version="1.0"?>\n<MPD type="static"></MPD>',
      'playlist-refused',
    ],
    [
      'a session description called video',
      'rtp.mp4',
      'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nm=video 5004 RTP/AVP 96\n',
      'playlist-refused',
    ],
  ])('%s', async (_, name, content, code) => {
    const path = content === null ? join(folder.path, name) : await write(name, content);
    const error = await probeVideo(path).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, hint: expect.any(String) });
    expect((error as Error).message).toContain(path);
  });

  test('a folder', async () => {
    await mkdir(join(folder.path, 'folder.mp4'));
    await expect(probeVideo(join(folder.path, 'folder.mp4'))).rejects.toMatchObject({ code: 'file-not-found' });
  });

  test('an image, and says what takes it', async () => {
    const path = join(folder.path, 'image.png');
    await ffmpeg(['-i', plain, '-frames:v', '1', path]);
    await expect(probeVideo(path)).rejects.toMatchObject({
      code: 'not-a-video',
      hint: expect.stringContaining('`patchlight interpret`'),
    });
  });

  test('sound only', async () => {
    const path = join(folder.path, 'sound.m4a');
    await ffmpeg(['-f', 'lavfi', '-i', 'sine=duration=1', path]);
    await expect(probeVideo(path)).rejects.toMatchObject({ code: 'no-video-stream' });
  });

  test('sound with a cover picture', async () => {
    const cover = join(folder.path, 'cover.png');
    const path = join(folder.path, 'cover.mp3');
    await ffmpeg(['-i', plain, '-frames:v', '1', cover]);
    const picture = ['-i', cover, '-map', '0', '-map', '1', '-c:v', 'copy', '-disposition:v', 'attached_pic'];
    await ffmpeg(['-f', 'lavfi', '-i', 'sine=duration=1', ...picture, path]);
    await expect(probeVideo(path)).rejects.toMatchObject({ code: 'no-video-stream' });
  });

  test('a still picture', async () => {
    await expect(probeVideo(join(folder.path, 'cover.png'))).rejects.toMatchObject({ code: 'not-a-video' });
  });

  test('to work without ffprobe, and says how to install it', async () => {
    vi.stubEnv('PATH', folder.path);
    await expect(probeVideo(plain)).rejects.toMatchObject({
      code: 'ffmpeg-missing',
      hint: expect.stringContaining('FFPROBE_PATH'),
    });
  });

  test.skipIf(process.platform === 'win32')('to go on after an abort, at once', async () => {
    const sleeper = await write('sleeping-ffprobe', '#!/bin/sh\nexec sleep 60\n');
    await chmod(sleeper, 0o755);
    vi.stubEnv('FFPROBE_PATH', sleeper);
    const started = performance.now();
    await expect(probeVideo(plain, AbortSignal.timeout(200))).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
