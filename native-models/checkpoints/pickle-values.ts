/**
 * What a pickle is read into. Plain data only: nothing here has behaviour, and nothing of it came from the file's code.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleGlobal
  | PickleRecord
  | PickleStorage
  | PickleTensor;

export class PickleList {
  readonly items: PickleValue[] = [];
}

export class PickleTuple {
  readonly items: readonly PickleValue[];

  constructor(items: readonly PickleValue[]) {
    this.items = items;
  }
}

/** A `dict`, `OrderedDict` or `set`: keys and values in the order in which they were put. */
export class PickleDict {
  readonly pairs: [key: PickleValue, value: PickleValue][] = [];

  /** The last value of the text key `name`, as Python would have it. */
  get(name: string): PickleValue | undefined {
    return this.pairs.findLast(([key]) => key === name)?.[1];
  }
}

/** A name that the pickle refers to, one of the few that are known. It is only ever compared. */
export class PickleGlobal {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** What a training run saves beside the weights (`argparse.Namespace`, numbers of NumPy), and nobody here looks into. */
export class PickleRecord {
  readonly type: string;

  constructor(type: string) {
    this.type = type;
  }
}

/** A piece of memory that tensors share, stored in the archive as `data/<key>`. */
export class PickleStorage {
  readonly key: string;
  /** `torch.FloatStorage` and so on, or `untyped`, whose {@link length} counts bytes. */
  readonly type: string;
  readonly length: number;

  constructor(key: string, type: string, length: number) {
    this.key = key;
    this.type = type;
    this.length = length;
  }
}

/** A tensor as the pickle describes it. Nothing of it has been checked against the archive. */
export class PickleTensor {
  readonly storage: PickleStorage;
  /** Of the first element, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
  /** `torch.float32` and so on where the tensor says it itself; otherwise the storage's type counts. */
  readonly dtype: string | null;

  constructor(
    storage: PickleStorage,
    offset: number,
    shape: readonly number[],
    strides: readonly number[],
    dtype: string | null,
  ) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
    this.dtype = dtype;
  }
}
