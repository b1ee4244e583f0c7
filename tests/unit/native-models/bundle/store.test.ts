import { cp, mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRandomBundle } from '#native-models/bundle/random-bundle.ts';
import {
  type BundleFolders,
  listBundles,
  newBundleDirectory,
  removeBundle,
  resolveBundle,
} from '#native-models/bundle/store.ts';
import { userDataDirectory } from '#native-models/bundle/user-data-directory.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { TINY } from '../../../fixtures/weights.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let folders: BundleFolders;
beforeEach(async () => {
  folder = await temporaryFolder();
  folders = { shipped: join(folder.path, 'shipped'), user: join(folder.path, 'user') };
});
afterEach(() => folder[Symbol.asyncDispose]());

const add = (origin: keyof BundleFolders, name: string) =>
  createRandomBundle(join(folders[origin], name), TINY, { seed: 1, selection: null, title: `${origin} ${name}` });

describe('the list of models', () => {
  it('is empty where there are no folders yet', async () => {
    expect(await listBundles(folders)).toEqual([]);
  });

  it('has the shipped models first, and leaves out what is unfinished or no folder', async () => {
    await add('user', 'b');
    await add('user', 'a');
    await add('shipped', 'z');
    await mkdir(join(folders.user, '.partial-1-x'));
    expect((await listBundles(folders)).map(({ name, origin, state }) => [name, origin, state])).toEqual([
      ['z', 'shipped', 'usable'],
      ['a', 'user', 'usable'],
      ['b', 'user', 'usable'],
    ]);
  });

  it('shows broken models with the reason', async () => {
    await add('user', 'renamed');
    await rename(join(folders.user, 'renamed'), join(folders.user, 'other'));
    await mkdir(join(folders.user, 'empty'));
    await add('user', 'weightless');
    await rm(join(folders.user, 'weightless', 'model.safetensors'));
    await symlink('nowhere', join(folders.user, 'dangling'));
    const listed = (await listBundles(folders)).map((item) => [
      item.name,
      item.state === 'broken' ? item.reason.code : 'usable',
    ]);
    expect(listed).toEqual([
      ['dangling', 'bundle-not-found'],
      ['empty', 'bundle-not-found'],
      ['other', 'bundle-invalid'],
      ['weightless', 'bundle-invalid'],
    ]);
  });
});

describe('a model is found', () => {
  it('by its name', async () => {
    const bundle = await add('user', 'mine');
    expect((await resolveBundle('mine', folders)).directory).toBe(bundle.directory);
  });

  it('by its folder, wherever it is', async () => {
    const bundle = await createRandomBundle(join(folder.path, 'elsewhere', 'x'), TINY, {
      seed: 1,
      selection: null,
      title: 'x',
    });
    expect((await resolveBundle(bundle.directory, folders)).manifest.name).toBe('x');
  });

  it('among the shipped ones first: nobody can put another in its place', async () => {
    await add('shipped', 'default');
    await add('user', 'default');
    expect((await resolveBundle('default', folders)).manifest.title).toBe('shipped default');
    const hidden = (await listBundles(folders)).find(({ origin }) => origin === 'user');
    expect(hidden).toMatchObject({ state: 'broken', reason: { message: expect.stringContaining('used instead') } });
  });

  it('or it is said that there is none', async () => {
    for (const name of ['nothing', '../user', './x', '..', '']) {
      await expect(resolveBundle(name, folders)).rejects.toMatchObject({ code: 'bundle-not-found' });
    }
  });

  it('not under a name that its manifest does not have', async () => {
    await add('shipped', 'default');
    await cp(join(folders.shipped, 'default'), join(folders.user, 'copy'), { recursive: true });
    await expect(resolveBundle('copy', folders)).rejects.toMatchObject({ code: 'bundle-invalid' });
  });
});

describe('a new model', () => {
  it('goes to the folder of the user', async () => {
    expect(await newBundleDirectory('new', folders)).toBe(join(folders.user, 'new'));
  });

  it('may not have a name that is taken, or is none', async () => {
    await add('shipped', 'default');
    await add('user', 'mine');
    for (const name of ['default', 'mine']) {
      await expect(newBundleDirectory(name, folders)).rejects.toMatchObject({ code: 'bundle-exists' });
    }
    await expect(newBundleDirectory('../x', folders)).rejects.toMatchObject({ code: 'bundle-invalid' });
  });
});

describe('removing a model', () => {
  it('deletes one of the user', async () => {
    await add('user', 'mine');
    await removeBundle('mine', folders);
    expect(await readdir(folders.user)).toEqual([]);
  });

  it('deletes one that is broken', async () => {
    await mkdir(join(folders.user, 'empty'), { recursive: true });
    await removeBundle('empty', folders);
    expect(await readdir(folders.user)).toEqual([]);
  });

  it('deletes a link, not what it leads to', async () => {
    const elsewhere = await add('shipped', 'precious');
    await mkdir(folders.user);
    await symlink(elsewhere.directory, join(folders.user, 'linked'));
    await removeBundle('linked', folders);
    expect((await resolveBundle('precious', folders)).manifest.name).toBe('precious');
  });

  it('is refused for a shipped one, and for what is not there', async () => {
    await add('shipped', 'default');
    await expect(removeBundle('default', folders)).rejects.toMatchObject({ code: 'bundle-protected' });
    for (const name of ['nothing', '..', '.', '../shipped/default', '']) {
      await expect(removeBundle(name, folders)).rejects.toMatchObject({ code: 'bundle-not-found' });
    }
    expect(await readdir(folders.shipped)).toEqual(['default']);
  });
});

describe("the user's data folder", () => {
  it.each<[string, NodeJS.Platform, Record<string, string>, string]>([
    ['where PATCHLIGHT_HOME says', 'linux', { PATCHLIGHT_HOME: '/data/p', XDG_DATA_HOME: '/xdg' }, '/data/p'],
    ['in the XDG data folder', 'linux', { XDG_DATA_HOME: '/xdg' }, '/xdg/patchlight'],
    ['under .local/share', 'linux', {}, '/home/u/.local/share/patchlight'],
    ['not where a relative XDG path says', 'linux', { XDG_DATA_HOME: 'xdg' }, '/home/u/.local/share/patchlight'],
    ['in Application Support', 'darwin', {}, '/home/u/Library/Application Support/Patchlight'],
    ['in the local AppData', 'win32', { LOCALAPPDATA: '/local' }, '/local/Patchlight'],
    ['not where an empty PATCHLIGHT_HOME says', 'linux', { PATCHLIGHT_HOME: '' }, '/home/u/.local/share/patchlight'],
  ])('is %s', (_, platform, environment, expected) => {
    expect(userDataDirectory(environment, platform, '/home/u')).toBe(expected);
  });
});
