import { lstat, open, readFile, realpath } from 'node:fs/promises';
import { basename, isAbsolute, join } from 'node:path';
import { z } from 'zod';
import { BundleInvalidError, BundleNotFoundError, PatchlightError } from '#contract/errors.ts';
import { readSafetensors, type Safetensors } from '../checkpoints/safetensors.ts';
import type { FloatType } from '../onnx/dtype.ts';
import { formatVersionOf } from './format-version.ts';
import { type Manifest, manifestSchema } from './manifest.ts';
import { expectedParameters } from './parameters.ts';
import { selectionFault } from './selection-groups.ts';

/** Where one parameter lies in the bundle's weights file. */
export interface BundleTensor {
  readonly dtype: FloatType;
  readonly shape: readonly number[];
  /** From the beginning of the file. */
  readonly byteOffset: number;
  readonly byteLength: number;
}

/** A model on disk, checked: its weights have been found, and not read. */
export interface Bundle {
  /** Absolute, without links. */
  readonly directory: string;
  readonly manifest: Manifest;
  /** Line n is the name of class n. */
  readonly labels: readonly string[];
  readonly weightsPath: string;
  /** Exactly the parameters that the architecture has, in the order of the file. */
  readonly tensors: ReadonlyMap<string, BundleTensor>;
}

export const MANIFEST_FILE = 'manifest.json';

const MAX_MANIFEST_BYTES = 2 ** 20;
const MAX_LABELS_BYTES = 16 * 2 ** 20;

const labelsSchema = z.array(z.string().max(1000));

/**
 * Opens the bundle in `directory` and checks everything but the weights' values; {@link verifyBundle} does that.
 *
 * @throws BundleNotFoundError when there is no bundle at all.
 * @throws BundleInvalidError naming what is wrong: nothing in a bundle is trusted, and no path in it may leave it.
 */
export async function loadBundle(directory: string): Promise<Bundle> {
  const root = await canonical(directory);
  const manifest = parse(
    manifestSchema,
    root,
    MANIFEST_FILE,
    await readInside(root, MANIFEST_FILE, MAX_MANIFEST_BYTES),
  );
  checkManifest(manifest, root);
  const labelsText = await readInside(root, manifest.labels, MAX_LABELS_BYTES);
  const labels = parse(labelsSchema, root, manifest.labels, labelsText);
  const { classes } = manifest.architecture;
  if (labels.length !== classes) invalid(root, `has ${labels.length} labels for ${classes} classes`);

  const weightsPath = await plainFileInside(root, manifest.weights.file);
  const weights = await readWeights(root, weightsPath);
  if (weights.fileBytes !== manifest.weights.bytes) {
    invalid(root, `has a weights file of ${weights.fileBytes} bytes, and its manifest says ${manifest.weights.bytes}`);
  }
  return { directory: root, manifest, labels, weightsPath, tensors: matchTensors(root, manifest, weights) };
}

async function canonical(directory: string): Promise<string> {
  try {
    const root = await realpath(directory);
    await lstat(join(root, MANIFEST_FILE));
    return root;
  } catch (cause) {
    throw new BundleNotFoundError(`There is no model bundle in ${directory}.`, {
      hint: `A bundle is a folder with a ${MANIFEST_FILE}. \`patchlight models list\` shows the models that are here.`,
      cause,
    });
  }
}

/** The path of a plain file of the bundle. Links are refused, also those that stay inside: no bundle needs one. */
async function plainFileInside(root: string, file: string): Promise<string> {
  const escapes = file === '' || isAbsolute(file) || /[\\:\0]/.test(file) || file.split('/').includes('..');
  if (escapes) invalid(root, `points outside of its folder: "${file}"`);
  const path = join(root, file);
  const real = await realpath(path).catch(() => invalid(root, `has no file "${file}"`));
  if (real !== path) invalid(root, `reaches "${file}" through a link`);
  if (!(await lstat(path)).isFile()) invalid(root, `has something else than a file at "${file}"`);
  return path;
}

async function readInside(root: string, file: string, maxBytes: number): Promise<string> {
  const path = await plainFileInside(root, file);
  const { size } = await lstat(path);
  if (size > maxBytes) invalid(root, `has ${size} bytes in "${file}", where at most ${maxBytes} make sense`);
  return readFile(path, 'utf8');
}

function parse<T>(schema: z.ZodType<T>, root: string, file: string, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new BundleInvalidError(`The model bundle ${basename(root)} has a ${file} that is not JSON.`, {
      ...ADVICE,
      cause,
    });
  }
  const result = schema.safeParse(value);
  return result.success ? result.data : invalid(root, `has a wrong ${file}: ${z.prettifyError(result.error)}`);
}

/** What the schema cannot say: values that must fit each other. */
function checkManifest(manifest: Manifest, root: string): void {
  const { formatVersion, architecture, preprocessing, sampling, selection } = manifest;
  const least = formatVersionOf(manifest);
  if (formatVersion < least) {
    invalid(root, `says what came with format version ${least}, and that it is of version ${formatVersion}`);
  }
  if ((architecture.kind === 'timesformer') !== (sampling !== null))
    invalid(root, 'has no sampling that fits its kind');
  if (architecture.kind === 'timesformer' && sampling?.numFrames !== architecture.numFrames) {
    invalid(root, `samples ${sampling?.numFrames} frames for a model of ${architecture.numFrames}`);
  }
  if (architecture.kind === 'timesformer' && preprocessing.resize !== undefined) {
    invalid(root, 'resizes images, and its model looks at videos');
  }
  const fault = selection === null ? null : selectionFault(architecture, selection);
  if (fault !== null) invalid(root, fault);
}

async function readWeights(root: string, path: string): Promise<Safetensors> {
  await using handle = await open(path);
  try {
    return await readSafetensors(handle);
  } catch (error) {
    if (error instanceof PatchlightError) invalid(root, `has damaged weights: ${error.message}`);
    throw error;
  }
}

function matchTensors(
  root: string,
  { architecture, selection }: Manifest,
  weights: Safetensors,
): Map<string, BundleTensor> {
  // Each block has a dozen parameters: this keeps a lying manifest from making the list of them long.
  if (architecture.depth > weights.tensors.size)
    invalid(root, `has fewer parameters than its ${architecture.depth} blocks need`);
  const expected = expectedParameters(architecture, selection);
  const missing = [...expected.keys()].find((name) => !weights.tensors.has(name));
  if (missing !== undefined) invalid(root, `has no parameter "${missing}"`);
  const tensors = new Map<string, BundleTensor>();
  for (const [name, { dtype, shape, byteOffset, byteLength }] of weights.tensors) {
    const wanted = expected.get(name) ?? invalid(root, `has a parameter "${name}" that its architecture does not have`);
    if (shape.join() !== wanted.join()) invalid(root, `has "${name}" as [${shape}] instead of [${wanted}]`);
    if (dtype !== 'F32' && dtype !== 'F16') return invalid(root, `stores "${name}" as ${dtype}`);
    tensors.set(name, { dtype: dtype === 'F32' ? 'float32' : 'float16', shape, byteOffset, byteLength });
  }
  return tensors;
}

const ADVICE = { hint: 'Import the model again, or download the bundle again.' };

function invalid(root: string, reason: string): never {
  throw new BundleInvalidError(`The model bundle ${basename(root)} ${reason}.`, ADVICE);
}
