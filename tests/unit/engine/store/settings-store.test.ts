import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { DEFAULT_SETTINGS } from '#contract/settings.ts';
import { EventHub } from '#engine/store/event-hub.ts';
import { NoticeBoard } from '#engine/store/notice-board.ts';
import { SettingsStore } from '#engine/store/settings-store.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

async function settingsFrom(state: unknown) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'settings.json');
  await writeFile(path, JSON.stringify({ version: 1, state }));
  const hub = new EventHub();
  const notices = new NoticeBoard(hub);
  const store = await SettingsStore.open(path, hub, notices);
  return { store, notices, path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

test('a file from before a setting was there keeps what it says, and the rest is as it is at first', async () => {
  const { storage: _later, ...before } = DEFAULT_SETTINGS;
  await using it = await settingsFrom({ ...before, topK: 7 });
  expect(it.store.value).toEqual({ ...DEFAULT_SETTINGS, topK: 7 });
  expect(it.notices.all).toEqual([]);
});

test('changing one setting leaves the others as they were chosen', async () => {
  const storage = { results: 10, resultBytes: 2 ** 20, previewBytes: 2 ** 21 };
  await using it = await settingsFrom({ ...DEFAULT_SETTINGS, storage });
  expect(it.store.change({ topK: 3 }).storage).toEqual(storage);
  await it.store.settled();
  expect(JSON.parse(await readFile(it.path, 'utf8')).state.storage).toEqual(storage);
});

test.each([null, 7, [], { ...DEFAULT_SETTINGS, storage: { results: 0 } }])(
  'settings like %j are set aside',
  async (state) => {
    await using it = await settingsFrom(state);
    expect(it.store.value).toEqual(DEFAULT_SETTINGS);
    expect(it.notices.all).toHaveLength(Array.isArray(state) ? 0 : 1);
  },
);
