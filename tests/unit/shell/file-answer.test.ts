import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { answerFile, type FileAnswer } from '#shell/file-answer.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const CONTENT = Buffer.from(Array.from({ length: 1000 }, (_, i) => i % 251));

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'clip.mp4');
  await writeFile(path, CONTENT);
});
afterAll(() => folder[Symbol.asyncDispose]());

const ask = (headers: Record<string, string> = {}, method = 'GET', file = path): Promise<FileAnswer> =>
  answerFile(file, { method, header: (name) => headers[name] ?? null });
const bodyOf = ({ body }: FileAnswer) => (body === null ? null : buffer(body));

test('without a range it is the whole file, which says that ranges work', async () => {
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect(answer.headers).toMatchObject({
    'accept-ranges': 'bytes',
    'content-length': '1000',
    'content-type': 'video/mp4',
  });
  expect(await bodyOf(answer)).toEqual(CONTENT);
});

test.each([
  ['bytes=0-', 0, 999],
  ['bytes=100-199', 100, 199],
  ['bytes=999-', 999, 999],
  ['bytes=-10', 990, 999],
  ['bytes=500-5000', 500, 999],
])('%s gives exactly these bytes', async (range, start, end) => {
  const answer = await ask({ range });
  expect(answer.status).toBe(206);
  expect(answer.headers).toMatchObject({
    'content-range': `bytes ${start}-${end}/1000`,
    'content-length': String(end - start + 1),
  });
  expect(await bodyOf(answer)).toEqual(CONTENT.subarray(start, end + 1));
});

test('a range outside of the file is refused with its size', async () => {
  expect(await ask({ range: 'bytes=1000-' })).toMatchObject({
    status: 416,
    headers: { 'content-range': 'bytes */1000' },
    body: null,
  });
});

test('HEAD gives the headers alone', async () => {
  expect(await ask({ range: 'bytes=0-9' }, 'HEAD')).toMatchObject({
    status: 206,
    headers: { 'content-length': '10' },
    body: null,
  });
});

describe('a part is given only of the file that the reader knows', () => {
  test('If-Range with the tag or the time of this file', async () => {
    const { headers, body } = await ask();
    body?.destroy();
    for (const known of [headers.etag!, headers['last-modified']!]) {
      const answer = await ask({ range: 'bytes=5-6', 'if-range': known });
      expect(answer.status).toBe(206);
      answer.body?.destroy();
    }
    const tagged = await ask({ 'if-none-match': headers.etag! });
    expect(tagged).toMatchObject({ status: 304, body: null });
  });

  test('If-Range with another one gives the whole', async () => {
    for (const known of ['"other"', 'W/"weak"', new Date(0).toUTCString()]) {
      const answer = await ask({ range: 'bytes=5-6', 'if-range': known });
      expect(answer.status).toBe(200);
      answer.body?.destroy();
    }
  });

  test('a file that was written again has another tag', async () => {
    const other = join(folder.path, 'other.mp4');
    await writeFile(other, CONTENT);
    const before = await ask({}, 'HEAD', other);
    await utimes(other, 1, 1);
    expect((await ask({}, 'HEAD', other)).headers.etag).not.toBe(before.headers.etag);
  });
});

test('what is no file, or no question, is refused', async () => {
  await mkdir(join(folder.path, 'folder'));
  expect(await ask({}, 'GET', join(folder.path, 'folder'))).toMatchObject({ status: 404 });
  expect(await ask({}, 'GET', join(folder.path, 'nothing'))).toMatchObject({ status: 404 });
  expect(await ask({}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
});

test('an empty file is an answer, and no range of it is', async () => {
  const empty = join(folder.path, 'empty.mp4');
  await writeFile(empty, '');
  expect(await ask({}, 'GET', empty)).toMatchObject({ status: 200, headers: { 'content-length': '0' }, body: null });
  expect(await ask({ range: 'bytes=0-' }, 'GET', empty)).toMatchObject({ status: 416 });
});
