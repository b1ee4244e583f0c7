import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { EventHub } from '#engine/store/event-hub.ts';
import { NoticeBoard } from '#engine/store/notice-board.ts';
import { StateFile } from '#engine/store/state-file.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

async function folderWith(content?: string) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'deep', 'state.json');
  if (content !== undefined) {
    await mkdir(join(folder.path, 'deep'));
    await writeFile(path, content);
  }
  const notices = new NoticeBoard(new EventHub());
  const open = () =>
    StateFile.open({
      ...{ path, what: 'numbers', version: 2, notices },
      schema: z.object({ n: z.number() }),
      initial: { n: 0 },
    });
  return { path, notices, open, folder: folder.path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('a value that was set is there after the next start', async () => {
  await using it = await folderWith();
  const file = await it.open();
  expect(file.value).toEqual({ n: 0 });
  for (let n = 1; n <= 100; n++) file.set({ n });
  expect(file.value).toEqual({ n: 100 });
  await file.settled();
  expect((await it.open()).value).toEqual({ n: 100 });
  // Nothing half-written is left.
  expect(await readdir(join(it.folder, 'deep'))).toEqual(['state.json']);
  expect(it.notices.all).toEqual([]);
});

describe('a file that cannot be understood is set aside, with a notice, and the program starts', () => {
  test.each([
    ['empty', ''],
    ['cut off', '{"version":2,"state":{"n":4'],
    ['of another kind', '[1,2,3]'],
    ['without a version', '{"state":{"n":4}}'],
    ['of a later version', '{"version":3,"state":{"n":4}}'],
    ['with a wrong value', '{"version":2,"state":{"n":"four"}}'],
  ])('%s', async (_what, content) => {
    await using it = await folderWith(content);
    const file = await it.open();
    expect(file.value).toEqual({ n: 0 });
    const [notice] = it.notices.all;
    expect(notice).toMatchObject({ code: 'state-set-aside', what: 'numbers' });
    const keptAs = notice?.code === 'state-set-aside' ? notice.keptAs : '';
    expect(await readFile(keptAs, 'utf8')).toBe(content);
    file.set({ n: 5 });
    await file.settled();
    expect((await it.open()).value).toEqual({ n: 5 });
  });
});

test('a place that cannot be written to costs a notice, not the work', async () => {
  await using it = await folderWith();
  const file = await it.open();
  // A file where a folder should be.
  await writeFile(join(it.folder, 'deep'), 'in the way');
  file.set({ n: 5 });
  await file.settled();
  expect(it.notices.all).toMatchObject([{ code: 'state-unwritable' }]);
  expect(file.value).toEqual({ n: 5 });
});
