import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_INTERVAL_RULE } from '#contract/intervals.ts';
import { runExport } from '#engine/export/run-export.ts';
import { removeLeftDrafts } from '#engine/export/targets/draft.ts';
import { ffmpeg, H264 } from '../../../../fixtures/bar-code-video.ts';
import { markedSource } from '../../../../fixtures/marked-source.ts';
import { temporaryFolder } from '../../../../fixtures/temporary-folder.ts';

const run = promisify(execFile);
const CHILD = fileURLToPath(new URL('../../../../fixtures/export-in-child.ts', import.meta.url));
const SETTINGS = { intervals: DEFAULT_INTERVAL_RULE };

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let video: string;
let home: string | undefined;

beforeAll(async () => {
  folder = await temporaryFolder();
  home = process.env.PATCHLIGHT_HOME;
  process.env.PATCHLIGHT_HOME = join(folder.path, 'home');
  video = join(folder.path, 'source.mp4');
  // Long enough to be interrupted, and with so much noise that it needs room.
  const picture = 'testsrc2=size=640x480:rate=25:duration=40,noise=alls=20:allf=t';
  await ffmpeg(['-f', 'lavfi', '-i', picture, ...H264, '-preset', 'ultrafast', '-crf', '35', video]);
});
afterAll(async () => {
  if (home === undefined) delete process.env.PATCHLIGHT_HOME;
  else process.env.PATCHLIGHT_HOME = home;
  await folder[Symbol.asyncDispose]();
});

/** A new folder for targets. */
async function place(name: string): Promise<string> {
  const path = join(folder.path, name);
  await mkdir(path);
  return path;
}

interface Attempt {
  readonly source?: string;
  readonly signal?: AbortSignal;
  readonly onProgress?: (share: number) => void;
}

async function attempt(directory: string, { source = video, signal, onProgress = () => {} }: Attempt): Promise<void> {
  const files = [{ path: join(directory, 'out.mp4'), clip: null, replace: true }];
  const options = { settings: SETTINGS, signal: signal ?? new AbortController().signal, onProgress };
  await runExport(await markedSource(source), { kind: 'mp4', folder: directory, files }, options);
}

describe('an export of a video that fails', () => {
  test('leaves nothing behind when it is cancelled, at once, and the earlier file as it was', async () => {
    const directory = await place('cancelled');
    await writeFile(join(directory, 'out.mp4'), 'earlier');
    const cancel = new AbortController();
    const reason = new Error('that will do');
    let cancelledAt = 0;
    const onProgress = (share: number) => {
      if (share === 0 || cancel.signal.aborted) return;
      cancelledAt = performance.now();
      cancel.abort(reason);
    };
    await expect(attempt(directory, { signal: cancel.signal, onProgress })).rejects.toBe(reason);
    expect(performance.now() - cancelledAt).toBeLessThan(5000);
    expect(await readdir(directory)).toEqual(['out.mp4']);
    expect(await readFile(join(directory, 'out.mp4'), 'utf8')).toBe('earlier');
  });

  test('says so when the source goes away in the middle', async () => {
    const directory = await place('gone');
    const source = join(folder.path, 'goes-away.mp4');
    await writeFile(source, await readFile(video));
    let removed: Promise<void> | undefined;
    const onProgress = (share: number) => {
      if (share > 0 && share < 1) removed ??= rm(source);
    };
    await expect(attempt(directory, { source, onProgress })).rejects.toMatchObject({ code: 'export-unavailable' });
    await removed;
    expect(await readdir(directory)).toEqual([]);
  });

  test('says so when the source is cut short in the middle', async () => {
    const directory = await place('shorter');
    const source = join(folder.path, 'cut-short.mp4');
    await writeFile(source, await readFile(video));
    let cut: Promise<unknown> | undefined;
    const onProgress = (share: number) => {
      if (share > 0 && share < 1) cut ??= run('truncate', ['-s', '200000', source]);
    };
    await expect(attempt(directory, { source, onProgress })).rejects.toMatchObject({ code: 'export-unavailable' });
    await cut;
    expect(await readdir(directory)).toEqual([]);
  });

  test('says so when the disk is full, and keeps the earlier file', async ({ skip }) => {
    const directory = await place('full');
    const mounted = await run('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'tmpfs', directory]).then(
      () => true,
      () => false,
    );
    if (!mounted) skip('a small file system can only be mounted by root, on Linux');
    try {
      await writeFile(join(directory, 'out.mp4'), 'earlier');
      await expect(attempt(directory, {})).rejects.toMatchObject({ code: 'disk-full' });
      expect(await readdir(directory)).toEqual(['out.mp4']);
      expect(await readFile(join(directory, 'out.mp4'), 'utf8')).toBe('earlier');
    } finally {
      await run('umount', [directory]);
    }
  });

  test('ends with this program when it is killed, and its draft is removed at the next start', async () => {
    const directory = await place('killed');
    const child = spawn(process.execPath, [CHILD, video, join(directory, 'out.mp4')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    // The first progress.
    await once(child.stdout, 'data');
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
    const [draft = ''] = await readdir(directory);
    expect(draft).toMatch(/\.part\.mp4$/);
    // ffmpeg sees that nobody draws any more.
    await expect.poll(() => isUsed(join(directory, draft)), { timeout: 20_000, interval: 250 }).toBe(false);
    await removeLeftDrafts();
    expect(await readdir(directory)).toEqual([]);
  });
});

/** Whether a file still grows. */
async function isUsed(path: string): Promise<boolean> {
  const before = (await stat(path)).mtimeMs;
  await sleep(2000);
  return (await stat(path)).mtimeMs !== before;
}
