import { CheckpointInvalidError, ForbiddenGlobalError } from '#contract/errors.ts';
import {
  PickleDict,
  PickleGlobal,
  PickleRecord,
  PickleStorage,
  PickleTensor,
  PickleTuple,
  type PickleValue,
} from './pickle-values.ts';
import type { StoredDtype } from './stored-dtype.ts';

/** Storage classes and dtypes as torch names them. Types without an equal in safetensors are known, and not readable. */
const TORCH_DTYPES: Readonly<Record<string, StoredDtype | null>> = {
  'torch.DoubleStorage': 'F64',
  'torch.FloatStorage': 'F32',
  'torch.HalfStorage': 'F16',
  'torch.BFloat16Storage': 'BF16',
  'torch.LongStorage': 'I64',
  'torch.IntStorage': 'I32',
  'torch.ShortStorage': 'I16',
  'torch.CharStorage': 'I8',
  'torch.ByteStorage': 'U8',
  'torch.BoolStorage': 'BOOL',
  'torch.ComplexFloatStorage': null,
  'torch.ComplexDoubleStorage': null,
  'torch.float64': 'F64',
  'torch.float32': 'F32',
  'torch.float16': 'F16',
  'torch.bfloat16': 'BF16',
  'torch.int64': 'I64',
  'torch.int32': 'I32',
  'torch.int16': 'I16',
  'torch.int8': 'I8',
  'torch.uint8': 'U8',
  'torch.uint16': 'U16',
  'torch.uint32': 'U32',
  'torch.uint64': 'U64',
  'torch.bool': 'BOOL',
};

const UNTYPED_STORAGES = new Set(['torch.UntypedStorage', 'torch.storage.UntypedStorage']);

/** What stands for a call: its arguments in, a piece of data out. */
type Rebuild = (args: readonly PickleValue[]) => PickleValue;

const REBUILDS: Readonly<Record<string, Rebuild>> = {
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': (args) => rebuildTensor(args, args[6]),
  'torch._utils._rebuild_parameter': ([tensor]) =>
    tensor instanceof PickleTensor ? tensor : malformed('a parameter without a tensor'),
  'collections.OrderedDict': (args) => (args.length === 0 ? new PickleDict() : malformed('an OrderedDict')),
  'torch.Size': ([sizes]) => (sizes instanceof PickleTuple ? sizes : malformed('a torch.Size')),
  // Figures and states of chance that training scripts save beside the weights: their kind is noted, not what they are.
  'numpy.dtype': () => new PickleRecord('numpy.dtype'),
  'numpy.core.multiarray.scalar': () => new PickleRecord('numpy.generic'),
  'numpy._core.multiarray.scalar': () => new PickleRecord('numpy.generic'),
  'numpy.core.multiarray._reconstruct': () => new PickleRecord('numpy.ndarray'),
  'numpy._core.multiarray._reconstruct': () => new PickleRecord('numpy.ndarray'),
  // How protocols before the third write bytes.
  '_codecs.encode': ([text, encoding]) =>
    typeof text === 'string' && encoding === 'latin1'
      ? Buffer.from(text, 'latin1')
      : malformed('bytes in another code'),
};

/** Classes whose instances become {@link PickleRecord}s: settings that training scripts save beside the weights. */
const RECORDS = new Set(['argparse.Namespace', 'numpy.ndarray']);

/**
 * The name `module.name`, if it is one that weights need.
 *
 * @throws ForbiddenGlobalError for every other name. Nothing is looked up, imported or called in any case.
 */
export function knownGlobal(module: string, name: string): PickleGlobal {
  const full = `${module}.${name}`;
  const known =
    Object.hasOwn(TORCH_DTYPES, full) ||
    Object.hasOwn(REBUILDS, full) ||
    UNTYPED_STORAGES.has(full) ||
    RECORDS.has(full);
  if (!known) {
    throw new ForbiddenGlobalError(
      `The checkpoint refers to ${printable(full)}, which could run code, so it was not read.`,
      {
        hint: 'If you trust the file, load it in Python and save its state_dict alone, best as .safetensors.',
      },
    );
  }
  return new PickleGlobal(full);
}

/** What calling `callee` would have made, as data. */
export function rebuild(callee: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
  if (!(callee instanceof PickleGlobal) || !(args instanceof PickleTuple))
    return malformed('a call of something unnamed');
  const made = Object.hasOwn(REBUILDS, callee.name) ? REBUILDS[callee.name]?.(args.items) : undefined;
  return made === undefined ? malformed(`a call of ${callee.name}`) : made;
}

/** What making an instance of `type` would have given, as data. */
export function instance(type: PickleValue | undefined, args: PickleValue | undefined): PickleValue {
  if (type instanceof PickleGlobal && args instanceof PickleTuple && args.items.length === 0) {
    if (RECORDS.has(type.name)) return new PickleRecord(type.name);
    if (type.name === 'collections.OrderedDict') return new PickleDict();
  }
  return malformed('an instance of an unknown class');
}

/** `('storage', class, key, device, length)`: how torch refers to an entry of the archive. */
export function persistentStorage(id: PickleValue | undefined): PickleStorage {
  const [tag, type, key, , length] = id instanceof PickleTuple ? id.items : [];
  if (tag !== 'storage' || !(type instanceof PickleGlobal) || typeof key !== 'string' || !isCount(length)) {
    return malformed('a reference that is no storage');
  }
  if (!/^[0-9]{1,9}$/.test(key)) return malformed(`a storage called ${printable(key)}`);
  if (UNTYPED_STORAGES.has(type.name)) return new PickleStorage(key, 'untyped', length);
  if (!type.name.endsWith('Storage')) return malformed(`a storage of type ${type.name}`);
  return new PickleStorage(key, type.name, length);
}

/** The element type of a tensor, or `null` when it is one that weights do not have. */
export function tensorDtype(tensor: PickleTensor): StoredDtype | null {
  return TORCH_DTYPES[tensor.dtype ?? tensor.storage.type] ?? null;
}

/** The element type in which a storage counts its length; bytes for an untyped one. */
export function storageDtype(storage: PickleStorage): StoredDtype | null {
  return storage.type === 'untyped' ? 'U8' : (TORCH_DTYPES[storage.type] ?? null);
}

function rebuildTensor(args: readonly PickleValue[], dtype?: PickleValue): PickleTensor {
  const [storage, offset, shape, strides] = args;
  if (!(storage instanceof PickleStorage) || !isCount(offset)) return malformed('a tensor without a storage');
  if (dtype !== undefined && !(dtype instanceof PickleGlobal)) return malformed('a tensor without a type');
  return new PickleTensor(storage, offset, counts(shape), counts(strides), dtype?.name ?? null);
}

function counts(value: PickleValue | undefined): number[] {
  const items = value instanceof PickleTuple ? value.items : malformed('a tensor without a shape');
  return items.map((item) => (isCount(item) ? item : malformed('a tensor of an impossible shape')));
}

function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** Names come from the file: only harmless characters reach a terminal, and not too many. */
function printable(name: string): string {
  return name.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 200);
}

function malformed(what: string): never {
  throw new CheckpointInvalidError(`The checkpoint contains ${what}, which is not how PyTorch saves weights.`, {
    hint: 'Load it in Python and save its state_dict alone, best as .safetensors.',
  });
}
