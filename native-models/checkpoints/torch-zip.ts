import type { FileHandle } from 'node:fs/promises';
import { CheckpointInvalidError, LegacyCheckpointError } from '#contract/errors.ts';
import { readPickle } from './pickle.ts';
import { PickleDict, type PickleStorage, PickleTensor, type PickleValue } from './pickle-values.ts';
import { readExactly } from './read-tensor.ts';
import { STORED_DTYPES } from './stored-dtype.ts';
import { countElements, spannedElements, type TensorView } from './tensor-view.ts';
import { storageDtype, tensorDtype } from './torch-globals.ts';
import { type ByteRange, ZipDirectory } from './zip-directory.ts';

/** Describes some hundred thousand tensors; those of the models we know take a hundredth. */
const MAX_PICKLE_BYTES = 32 * 2 ** 20;

/** Names under which training scripts put the weights into the dictionary that they save. */
const CONTAINERS = ['model_state', 'model', 'state_dict'] as const;
export type Container = (typeof CONTAINERS)[number];

export interface TorchCheckpoint {
  /** The weights by their names in the checkpoint, in its order. */
  readonly tensors: ReadonlyMap<string, TensorView>;
  /** Under which name they were found; `null` when the checkpoint is nothing but weights. */
  readonly container: Container | null;
}

/**
 * Finds the weights in a checkpoint that `torch.save` wrote (`.pth`, `.pyth`, `.pt`, `.bin`), and reads none of them.
 *
 * Nothing in the file is executed: see {@link readPickle}.
 *
 * @throws ForbiddenGlobalError, LegacyCheckpointError, CheckpointInvalidError
 */
export async function readTorchCheckpoint(handle: FileHandle): Promise<TorchCheckpoint> {
  await refuseOtherFormats(handle);
  const archive = await ZipDirectory.read(handle);
  const pickles = [...archive.names].filter((name) => name === 'data.pkl' || name.endsWith('/data.pkl'));
  const [pickle, ...others] = pickles;
  if (pickle === undefined) return invalid('is a zip archive without a PyTorch checkpoint in it');
  if (others.length > 0) return invalid('holds more than one pickle');
  const folder = pickle.slice(0, -'data.pkl'.length);
  if (archive.bytesOf(`${folder}constants.pkl`) !== undefined) {
    return invalid('is a TorchScript program, not a set of weights');
  }
  const byteOrder = `${folder}byteorder`;
  if (archive.bytesOf(byteOrder) !== undefined && (await archive.read(byteOrder, 16)).toString() !== 'little') {
    return invalid('was saved on a big-endian machine');
  }
  const { weights, container } = findWeights(readPickle(await archive.read(pickle, MAX_PICKLE_BYTES)));
  const storages = new StorageTable(archive, folder);
  const tensors = new Map<string, TensorView>();
  for (const [name, value] of weights.pairs) {
    if (typeof name !== 'string' || !(value instanceof PickleTensor)) continue;
    const view = await storages.view(name, value);
    if (view !== null) tensors.set(name, view);
  }
  return { tensors, container };
}

async function refuseOtherFormats(handle: FileHandle): Promise<void> {
  const { size } = await handle.stat();
  if (size < 4) invalid('is empty or nearly so');
  const head = Buffer.alloc(4);
  await readExactly(handle, head, 0);
  if (head.toString('latin1', 0, 2) === 'PK') return;
  // Both older forms begin like this: a bare pickle, and before that a tar archive, which begins with a file name.
  if (head[0] === 0x80) {
    throw new LegacyCheckpointError('The checkpoint is in the format of PyTorch before 1.6, which is not read.', {
      hint: "Save it again with a current PyTorch: torch.save(torch.load(path, map_location='cpu'), new_path).",
    });
  }
  invalid('is neither a PyTorch checkpoint nor a safetensors file');
}

function findWeights(root: PickleValue): { weights: PickleDict; container: Container | null } {
  if (!(root instanceof PickleDict)) return invalid('does not hold a dictionary of weights');
  for (const container of CONTAINERS) {
    const weights = root.get(container);
    if (weights instanceof PickleDict && holdsTensors(weights)) return { weights, container };
  }
  if (holdsTensors(root)) return { weights: root, container: null };
  return invalid(`holds no weights, neither at its top nor under ${CONTAINERS.join(', ')}`);
}

function holdsTensors(dict: PickleDict): boolean {
  return dict.pairs.some(([, value]) => value instanceof PickleTensor);
}

/** Finds where the archive keeps the memory of tensors. Tied tensors share one. */
class StorageTable {
  readonly #archive: ZipDirectory;
  readonly #folder: string;
  readonly #located = new Map<string, ByteRange>();

  constructor(archive: ZipDirectory, folder: string) {
    this.#archive = archive;
    this.#folder = folder;
  }

  /** Where `tensor` lies in the file, or `null` when it is of a type that weights do not have. */
  async view(name: string, tensor: PickleTensor): Promise<TensorView | null> {
    const dtype = tensorDtype(tensor);
    const stored = storageDtype(tensor.storage);
    if (dtype === null || stored === null) return null;
    const { shape, strides } = tensor;
    if (shape.length !== strides.length || shape.length > 16) return invalid(`gives "${name}" an impossible shape`);
    const range = await this.#locate(tensor.storage, STORED_DTYPES[stored]);
    const capacity = Math.floor(range.byteLength / STORED_DTYPES[dtype]);
    const count = countElements(shape);
    const span = spannedElements(tensor);
    if (count === null || !Number.isSafeInteger(span) || tensor.offset + span > capacity) {
      return invalid(`gives "${name}" more elements than are stored`);
    }
    // torch.expand() repeats elements without storing them. Weights are not saved so, and a small file must not
    // become a large one.
    if (count > capacity) return invalid(`repeats the elements of "${name}"`);
    return { dtype, shape, strides, byteOffset: range.byteOffset + tensor.offset * STORED_DTYPES[dtype] };
  }

  async #locate(storage: PickleStorage, elementBytes: number): Promise<ByteRange> {
    const known = this.#located.get(storage.key);
    const range = known ?? (await this.#archive.locate(`${this.#folder}data/${storage.key}`));
    if (range.byteLength !== storage.length * elementBytes) {
      return invalid(`stores ${range.byteLength} bytes where its pickle says ${storage.length * elementBytes}`);
    }
    this.#located.set(storage.key, range);
    return range;
  }
}

function invalid(reason: string): never {
  throw new CheckpointInvalidError(`The file ${reason}.`, {
    hint: 'Give a checkpoint saved by torch.save, a .safetensors file, or the folder of a Hugging Face model.',
  });
}
