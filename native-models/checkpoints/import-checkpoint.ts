import { stat } from 'node:fs/promises';
import { basename, extname, resolve } from 'node:path';
import { CheckpointInvalidError, CheckpointMismatchError, FileNotFoundError } from '#contract/errors.ts';
import type { Bundle } from '../bundle/load-bundle.ts';
import type { Architecture, Fetched, Manifest, Selection } from '../bundle/manifest.ts';
import { expectedParameters } from '../bundle/parameters.ts';
import { defaultPreprocessing, defaultSampling } from '../bundle/preparation.ts';
import { bundlePath, writeBundle } from '../bundle/write-bundle.ts';
import { classNames, type LabelsFrom } from './class-names.ts';
import { bundleDtype, countNonFinite, toBundleDtype } from './floating-values.ts';
import { type HuggingFaceModel, readHuggingFaceFolder } from './hugging-face.ts';
import { checkParameters, inferArchitecture, inferSelection } from './infer-architecture.ts';
import { type CheckpointFormat, type NamedWeight, type NamedWeights, renameWeights } from './key-maps.ts';
import { type OpenWeights, openWeights } from './open-weights.ts';
import { tensorChunks } from './read-tensor.ts';
import { STORED_DTYPES } from './stored-dtype.ts';
import { packedBytes, spannedElements } from './tensor-view.ts';
import type { TensorEntry } from './write-safetensors.ts';

export interface ImportOptions {
  /** The model's name: lower-case letters, digits, dot, dash and underscore. */
  readonly name: string;
  /** The folder of bundles; the model becomes `directory/name`. */
  readonly directory: string;
  /** Attention heads, where neither a `config.json` nor a width that 64 divides tells them. */
  readonly heads?: number | undefined;
  /** Heads of the interpreters; 6 as released where that divides the width. */
  readonly interpreterHeads?: number | undefined;
  /** Frames of a clip; only a space-only model does not say it itself. */
  readonly numFrames?: number | undefined;
  /** Every how many frames of 30 a second one is sampled. */
  readonly samplingRate?: number | undefined;
  /** Names of the classes, in order. */
  readonly labels?: readonly string[] | undefined;
  readonly licence?: { readonly name: string; readonly source: string | null } | undefined;
  /** What the model is, for people; from the source's name when left out. */
  readonly title?: string | undefined;
  /** Where the checkpoint was fetched. */
  readonly fetched?: Fetched | undefined;
  /** Told once, before weights are copied: from then on nothing but the disk can fail. */
  readonly onChecked?: ((checked: CheckedCheckpoint) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((bytesDone: number, bytesTotal: number) => void) | undefined;
}

/** What a checkpoint turned out to be: every weight of its architecture is there, in its shape. */
export interface CheckedCheckpoint {
  readonly format: CheckpointFormat;
  readonly architecture: Architecture;
  readonly sampling: Manifest['sampling'];
  readonly selection: Selection | null;
  /** Numbers in the model. */
  readonly parameters: number;
  readonly labels: readonly string[];
  /** Who names the classes: the caller, the checkpoint, a list that Patchlight has, or nobody. */
  readonly labelsFrom: LabelsFrom;
}

export interface ImportReport {
  readonly bundle: Bundle;
  readonly format: CheckpointFormat;
  /** Numbers in the model. */
  readonly parameters: number;
  /** Names in the checkpoint that were left out. */
  readonly ignored: readonly string[];
  /** Sentences about what a user should know and may have to act on. */
  readonly warnings: readonly string[];
}

/**
 * Turns a published checkpoint into a model bundle.
 *
 * Tensors are streamed from file to file, so memory stays at a few megabytes whatever the checkpoint's size. F32 and F16
 * weights are kept bit by bit, BF16 and F64 become F32. Nothing is left of an import that failed or was cancelled.
 *
 * @param source A checkpoint file (`.pyth`, `.pth`, `.bin`, `.safetensors`) or the folder of a Hugging Face model.
 * @throws FileNotFoundError, SafetensorsInvalidError, CheckpointInvalidError, LegacyCheckpointError,
 *   ForbiddenGlobalError when the source cannot be read.
 * @throws CheckpointMismatchError when its weights are not those of a TimeSformer or DeiT.
 * @throws BundleExistsError when there is a model of that name.
 */
export async function importCheckpoint(source: string, options: ImportOptions): Promise<ImportReport> {
  const info = await stat(source).catch(() => undefined);
  if (info === undefined)
    throw new FileNotFoundError(`There is no checkpoint at ${source}.`, { hint: 'Check the path.' });
  const folder = info.isDirectory() ? await readHuggingFaceFolder(source) : null;
  await using weights = await openWeights(folder?.weightsPath ?? source);

  const container = folder === null ? weights.container : folder.attention === null ? null : 'model_state';
  const named = renameWeights(weights.tensors, container);
  const hints = {
    heads: options.heads ?? folder?.hints.heads,
    numFrames: options.numFrames ?? folder?.hints.numFrames,
    layerNormEps: folder?.hints.layerNormEps,
    interpreterHeads: options.interpreterHeads,
  };
  const architecture = inferArchitecture(named, hints);
  checkConfig(architecture, folder);
  const selection = inferSelection(named, architecture, hints);
  checkParameters(named, architecture, selection);

  const notFinite = new Map<string, number>();
  const wanted = [...expectedParameters(architecture, selection).keys()].map(
    (name) => [name, weightOf(named, name)] as const,
  );
  refuseInflation(wanted, weights.fileBytes);
  const parameters = wanted.reduce((sum, [, weight]) => sum + packedBytes(weight) / STORED_DTYPES[weight.dtype], 0);
  const sampling = defaultSampling(architecture, options.samplingRate);
  const { labels, labelsFrom } = await classNames(architecture, options.labels, folder?.labels ?? null);
  options.onChecked?.({ format: named.format, architecture, sampling, selection, parameters, labels, labelsFrom });
  const bundle = await writeBundle(
    bundlePath(options.directory, options.name),
    {
      manifest: {
        title: options.title?.slice(0, 200) ?? titleOf(source),
        architecture,
        preprocessing: folder?.preprocessing ?? defaultPreprocessing(architecture),
        sampling,
        selection,
        trained: true,
        training: null,
        licence: options.licence ?? {
          name: folder?.licence ?? 'unknown, see source',
          source: basename(resolve(source)),
        },
        ...(options.fetched === undefined ? {} : { fetched: options.fetched }),
      },
      labels,
      tensors: wanted.map(([name, weight]) => entryOf(name, weight, weights, notFinite, options.signal)),
      notes: options.fetched === undefined ? [importedFrom(source)] : [],
    },
    { signal: options.signal, onProgress: options.onProgress },
  );
  return {
    bundle,
    format: named.format,
    parameters,
    ignored: named.ignored,
    warnings: [
      ...(folder?.warnings ?? []),
      ...[...notFinite].map(([name, count]) => `${count} numbers of ${name} are infinite or not numbers.`),
    ],
  };
}

function weightOf(named: NamedWeights, name: string): NamedWeight {
  const weight = named.weights.get(name);
  if (weight === undefined) throw new CheckpointMismatchError(`There is no "${name}" among the weights.`);
  return weight;
}

/** The tensor as it is written: read, converted and looked through while the file is copied. */
function entryOf(
  name: string,
  { dtype: stored, shape, parts }: NamedWeight,
  { handle }: OpenWeights,
  notFinite: Map<string, number>,
  signal: AbortSignal | undefined,
): TensorEntry {
  const dtype = bundleDtype(stored);
  return {
    name,
    dtype,
    shape,
    async *data() {
      for (const part of parts) {
        for await (const chunk of tensorChunks(handle, part, signal)) {
          const converted = toBundleDtype(chunk, stored);
          const count = countNonFinite(converted, dtype);
          if (count > 0) notFinite.set(name, (notFinite.get(name) ?? 0) + count);
          yield converted;
        }
      }
    },
  };
}

/** Tensors may share memory, but a small file in which thousands do would fill the disk. */
function refuseInflation(weights: readonly (readonly [string, NamedWeight])[], fileBytes: number): void {
  const MOST = 8;
  const views = weights.flatMap(([, { parts }]) => parts);
  const bytes = views.reduce((sum, view) => sum + spannedElements(view) * STORED_DTYPES[view.dtype], 0);
  if (bytes > MOST * fileBytes) {
    throw new CheckpointInvalidError(`The checkpoint has ${fileBytes} bytes and describes ${bytes} bytes of weights.`, {
      hint: 'Its tensors lie upon each other. Save its state_dict again, best as .safetensors.',
    });
  }
}

function checkConfig(architecture: Architecture, folder: HuggingFaceModel | null): void {
  if (folder === null) return;
  const [told, found] = [
    folder.attention ?? 'an image model',
    architecture.kind === 'timesformer' ? architecture.attention : 'an image model',
  ];
  if (told !== found) {
    throw new CheckpointMismatchError(`config.json says ${told}, and the weights are of ${found}.`, {
      hint: 'The folder mixes two models. Download it again.',
    });
  }
}

function importedFrom(source: string): string {
  return `Imported from \`${basename(resolve(source)).replaceAll('`', "'")}\`. Its licence is that of its source.`;
}

function titleOf(source: string): string {
  const name = basename(resolve(source));
  return name.slice(0, name.length - extname(name).length).slice(0, 200) || name.slice(0, 200);
}
