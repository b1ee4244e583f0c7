import { readdir, realpath, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  BundleExistsError,
  BundleInvalidError,
  BundleNotFoundError,
  BundleProtectedError,
  type ErrorData,
  toErrorData,
} from '#contract/errors.ts';
import { type Bundle, loadBundle, MANIFEST_FILE } from './load-bundle.ts';
import { videoConfig } from './model-kind.ts';
import { outsideArchive } from './outside-archive.ts';
import { userDataDirectory } from './user-data-directory.ts';
import { bundlePath } from './write-bundle.ts';

/** The folders in which bundles are looked for. */
export interface BundleFolders {
  /** Models that came with Patchlight: never written to. */
  readonly shipped: string;
  /** Models that the user imported or trained. */
  readonly user: string;
}

export type BundleOrigin = keyof BundleFolders;

/** One line of the list of models. A model that cannot be used is listed with the reason, instead of vanishing. */
export type BundleListing =
  | { readonly state: 'usable'; readonly name: string; readonly origin: BundleOrigin; readonly bundle: Bundle }
  | {
      readonly state: 'broken';
      readonly name: string;
      readonly origin: BundleOrigin;
      readonly directory: string;
      readonly reason: ErrorData;
    };

/** `native-models/bundles`, and `models` in the user's data folder. */
export function bundleFolders(): BundleFolders {
  return {
    shipped: outsideArchive(fileURLToPath(new URL('../bundles/', import.meta.url))),
    user: join(userDataDirectory(), 'models'),
  };
}

/** All models, shipped ones first, each kind by name. */
export async function listBundles(folders: BundleFolders = bundleFolders()): Promise<BundleListing[]> {
  const shipped = await names(folders.shipped);
  const user = await names(folders.user);
  const listings: BundleListing[] = [];
  for (const name of shipped) listings.push(await describe(folders, 'shipped', name, false));
  for (const name of user) listings.push(await describe(folders, 'user', name, shipped.includes(name)));
  return listings;
}

/**
 * The model called `nameOrDirectory`, or the one in that folder. A shipped model wins over one of the user's.
 *
 * @throws BundleNotFoundError when there is none.
 * @throws BundleInvalidError when there is one, and it cannot be used.
 */
export async function resolveBundle(
  nameOrDirectory: string,
  folders: BundleFolders = bundleFolders(),
): Promise<Bundle> {
  const isPath = isAbsolute(nameOrDirectory) || /[\\/]/.test(nameOrDirectory) || /^\.\.?$/.test(nameOrDirectory);
  if (isPath) return loadBundle(nameOrDirectory);
  for (const folder of [folders.shipped, folders.user]) {
    if ((await names(folder)).includes(nameOrDirectory)) return loadNamed(folder, nameOrDirectory);
  }
  if (await isFile(join(nameOrDirectory, MANIFEST_FILE))) return loadBundle(nameOrDirectory);
  throw notFound(nameOrDirectory);
}

/**
 * The same, of a model for videos.
 *
 * @throws ModelKindError when it is one for images.
 */
export async function resolveVideoBundle(
  nameOrDirectory: string,
  folders: BundleFolders = bundleFolders(),
): Promise<Bundle> {
  const bundle = await resolveBundle(nameOrDirectory, folders);
  videoConfig(bundle.manifest);
  return bundle;
}

/**
 * Where a new model called `name` goes.
 *
 * @throws BundleExistsError when a model of that name is there already, shipped or not.
 * @throws BundleInvalidError when a model cannot be called that.
 */
export async function newBundleDirectory(name: string, folders: BundleFolders = bundleFolders()): Promise<string> {
  const path = bundlePath(folders.user, name);
  const taken = (await names(folders.shipped)).includes(name) || (await names(folders.user)).includes(name);
  if (!taken) return path;
  throw new BundleExistsError(`There is already a model called ${name}.`, {
    hint: 'Choose another name. `patchlight models list` shows those that are taken.',
  });
}

/**
 * Deletes a model of the user's.
 *
 * @throws BundleProtectedError for a model that came with Patchlight.
 * @throws BundleNotFoundError when there is no model of that name.
 */
export async function removeBundle(name: string, folders: BundleFolders = bundleFolders()): Promise<void> {
  // Of two models with one name only the user's can be meant: the other one cannot be removed.
  if ((await names(folders.user)).includes(name)) {
    await rm(join(await realpath(folders.user), name), { recursive: true });
    return;
  }
  if (!(await names(folders.shipped)).includes(name)) throw notFound(name);
  throw new BundleProtectedError(`${name} came with Patchlight and cannot be removed.`, {
    hint: 'Only models that you imported or trained can be removed.',
  });
}

/** The names of the models in a folder: of the folders in it, hidden ones (unfinished imports) left out. */
async function names(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries
    .filter((entry) => (entry.isDirectory() || entry.isSymbolicLink()) && !entry.name.startsWith('.'))
    .map(({ name }) => name)
    .sort();
}

async function describe(
  folders: BundleFolders,
  origin: BundleOrigin,
  name: string,
  hidden: boolean,
): Promise<BundleListing> {
  try {
    const bundle = await loadNamed(folders[origin], name);
    if (!hidden) return { state: 'usable', name, origin, bundle };
    throw new BundleInvalidError(`A model that came with Patchlight is called ${name} too, and is used instead.`, {
      hint: `Give this one another name: rename its folder, and the name in its ${MANIFEST_FILE}.`,
    });
  } catch (error) {
    return { state: 'broken', name, origin, directory: join(folders[origin], name), reason: toErrorData(error) };
  }
}

async function loadNamed(folder: string, name: string): Promise<Bundle> {
  const bundle = await loadBundle(join(folder, name));
  if (bundle.manifest.name === name) return bundle;
  throw new BundleInvalidError(`The folder ${name} holds a model that is called ${bundle.manifest.name}.`, {
    hint: `Folder and name must agree: rename the folder to ${bundle.manifest.name}.`,
  });
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}

function notFound(name: string): BundleNotFoundError {
  return new BundleNotFoundError(`There is no model called ${name}.`, {
    hint: '`patchlight models list` shows the models that are here.',
  });
}
