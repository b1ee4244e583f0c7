import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerMedia, answerPage, SCHEMES } from '#main/protocols.ts';
import { rendererFiles } from '#shell/renderer-files.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const CONTENT = Uint8Array.from({ length: 5000 }, (_, i) => i % 251);
const ID = 'A'.repeat(22);

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let files: ReadonlyMap<string, string>;
let video: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  await mkdir(join(folder.path, 'page', 'assets'), { recursive: true });
  await writeFile(join(folder.path, 'page', 'index.html'), '<!doctype html><title>Patchlight</title>');
  await writeFile(join(folder.path, 'page', 'assets', 'a.js'), '1');
  await writeFile(join(folder.path, 'secret.txt'), 'nobody may read this');
  video = join(folder.path, 'a video.mp4');
  await writeFile(video, CONTENT);
  files = await rendererFiles(join(folder.path, 'page'));
});
afterAll(() => folder[Symbol.asyncDispose]());

const locate = async (file: string) => {
  if (file === ID) return video;
  throw new Error('That file was not opened here.');
};
const media = (url: string, headers: Record<string, string> = {}, method = 'GET') =>
  answerMedia(new Request(url, { headers, method }), locate);
const page = (url: string) => answerPage(new Request(url), files);

test('the schemes are safe ones', () => {
  for (const { privileges } of SCHEMES) {
    expect(privileges).toMatchObject({ standard: true, secure: true });
    expect(privileges).not.toHaveProperty('bypassCSP');
    expect(privileges).not.toHaveProperty('corsEnabled');
    expect(privileges).not.toHaveProperty('allowServiceWorkers');
  }
});

describe('videos', () => {
  test.each([
    ['bytes=0-', 0, 4999],
    ['bytes=1000-1999', 1000, 1999],
    ['bytes=-100', 4900, 4999],
    ['bytes=4999-9999', 4999, 4999],
  ])('%s gives exactly these bytes', async (range, start, end) => {
    const answer = await media(`media://file/${ID}`, { range });
    expect(answer.status).toBe(206);
    expect(answer.headers.get('content-range')).toBe(`bytes ${start}-${end}/5000`);
    expect(answer.headers.get('content-type')).toBe('video/mp4');
    expect(answer.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(CONTENT.subarray(start, end + 1));
  });

  test('without a range it is the whole, beyond the end nothing', async () => {
    const whole = await media(`media://file/${ID}`);
    expect(whole.status).toBe(200);
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(CONTENT);
    const beyond = await media(`media://file/${ID}`, { range: 'bytes=5000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */5000']);
  });

  test('a reader that goes away in the middle leaves the file closed', async () => {
    const large = join(folder.path, 'large.mp4');
    await writeFile(large, new Uint8Array(8 * 2 ** 20));
    const answer = await answerMedia(new Request(`media://file/${ID}`), async () => large);
    const reader = answer.body!.getReader();
    await reader.read();
    await reader.cancel();
    // A handle that is left open is closed by the garbage collector with a warning.
    expect((await media(`media://file/${ID}`, {}, 'HEAD')).status).toBe(200);
  });

  test.each([
    'media://file/',
    'media://file/../secret.txt',
    'media://file/%2e%2e%2fsecret.txt',
    `media://file/${'B'.repeat(22)}`,
    `media://file/${ID}/x`,
    `media://file/${ID}?x`,
    `media://other/${ID}`,
    `app://file/${ID}`,
  ])('%s leads nowhere', async (url) => {
    const answer = await media(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });

  test('nothing but reading is offered', async () => {
    expect((await media(`media://file/${ID}`, {}, 'DELETE')).status).toBe(405);
  });
});

describe('the page', () => {
  test('is given with its rules', async () => {
    const answer = await page('app://patchlight/');
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Patchlight');
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("media-src 'self' blob: media:");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toMatch(/unsafe-|\*|https?:/);
    expect((await page('app://patchlight/assets/a.js')).headers.get('content-type')).toContain('text/javascript');
  });

  test.each([
    'app://patchlight/secret.txt',
    'app://patchlight/../secret.txt',
    'app://patchlight/%2e%2e/secret.txt',
    'app://patchlight/assets/..%2f..%2fsecret.txt',
    'app://patchlight//etc/passwd',
    'app://evil/',
    'app://evil/assets/a.js',
    'media://patchlight/',
  ])('%s leads nowhere', async (url) => {
    const answer = await page(url);
    expect(answer.status).toBe(404);
    expect(await answer.text()).toBe('');
  });
});
