import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { BundleExistsError, BundleInvalidError } from '#contract/errors.ts';
import { type TensorEntry, type WriteOptions, writeSafetensors } from '../checkpoints/write-safetensors.ts';
import { bundleCard } from './card.ts';
import { formatVersionOf } from './format-version.ts';
import { isRunning } from './is-running.ts';
import { type Bundle, loadBundle, MANIFEST_FILE } from './load-bundle.ts';
import { bundleNameSchema, type Manifest } from './manifest.ts';

const WEIGHTS_FILE = 'model.safetensors';
const LABELS_FILE = 'labels.json';
const CARD_FILE = 'CARD.md';

/**
 * Unfinished bundles are called `.partial-<machine>-<process>-<random>`: hidden, and their owner can be told, also where
 * several machines share a home folder.
 */
const OWN_PARTIALS = `.partial-${hostname().replaceAll(/[^A-Za-z0-9]/g, '_')}-`;

/** A bundle that is to be written. */
export interface BundleParts {
  /** The manifest without what follows from writing it. The name becomes the folder's. */
  readonly manifest: Omit<Manifest, 'formatVersion' | 'name' | 'weights' | 'labels'>;
  /** As many as the model has classes. */
  readonly labels: readonly string[];
  /** The parameters of `expectedParameters`, F32 or F16. */
  readonly tensors: readonly TensorEntry[];
  /** Paragraphs for the card about where this model comes from and what it cannot do. */
  readonly notes?: readonly string[];
}

/**
 * Writes a model bundle into the folder `directory`, which must not exist and whose last part becomes the model's name.
 *
 * The bundle is made in a hidden folder beside, checked as any other bundle is, and appears at once; nothing is left of
 * one that failed or was cancelled.
 *
 * @throws BundleExistsError when there is something at `directory` already.
 * @throws BundleInvalidError when the name is none, or the parts do not fit together.
 */
export async function writeBundle(directory: string, parts: BundleParts, options: WriteOptions = {}): Promise<Bundle> {
  const target = resolve(directory);
  checkName(basename(target));
  const parent = dirname(target);
  await mkdir(parent, { recursive: true });
  await sweep(parent);
  await refuseExisting(target);
  const partial = join(parent, `${OWN_PARTIALS}${process.pid}-${randomUUID()}`);
  await mkdir(partial);
  try {
    const weights = await writeSafetensors(join(partial, WEIGHTS_FILE), parts.tensors, options);
    const manifest: Manifest = {
      formatVersion: formatVersionOf(parts.manifest),
      name: basename(target),
      ...parts.manifest,
      weights: { file: WEIGHTS_FILE, ...weights },
      labels: LABELS_FILE,
    };
    await writeFile(join(partial, LABELS_FILE), `${JSON.stringify(parts.labels, null, 2)}\n`);
    await writeFile(join(partial, CARD_FILE), bundleCard(manifest, parts.notes ?? []));
    await writeFile(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    await loadBundle(partial);
    options.signal?.throwIfAborted();
    await moveInto(partial, target);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return loadBundle(target);
}

/**
 * Where the bundle `name` lies in a folder of bundles.
 *
 * @throws BundleInvalidError when a model cannot be called that.
 */
export function bundlePath(directory: string, name: string): string {
  checkName(name);
  return join(resolve(directory), name);
}

function checkName(name: string): void {
  if (bundleNameSchema.safeParse(name).success) return;
  throw new BundleInvalidError(`A model cannot be called "${name}".`, {
    hint: 'Names are of lower-case letters, digits, dots, dashes and underscores, and begin with a letter or digit.',
  });
}

async function refuseExisting(target: string): Promise<void> {
  const existing = await stat(target).catch(() => undefined);
  if (existing !== undefined) throw exists(target);
}

async function moveInto(partial: string, target: string): Promise<void> {
  try {
    await rename(partial, target);
  } catch (error) {
    // Somebody else made it in the meantime.
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR' || code === 'EPERM') throw exists(target);
    throw error;
  }
}

function exists(target: string): BundleExistsError {
  return new BundleExistsError(`There is already a model or folder at ${target}.`, {
    hint: `Choose another name, or remove that one first: patchlight models remove ${basename(target)}`,
  });
}

/** Takes away what processes that no longer run have left unfinished: a kill gives no chance to tidy up. */
async function sweep(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const owner = name.startsWith(OWN_PARTIALS) ? Number.parseInt(name.slice(OWN_PARTIALS.length), 10) : Number.NaN;
    if (owner > 0 && !isRunning(owner)) await rm(join(parent, name), { recursive: true, force: true });
  }
}
