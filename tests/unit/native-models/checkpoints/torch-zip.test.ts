import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensor } from '#native-models/checkpoints/read-tensor.ts';
import { readTorchCheckpoint } from '#native-models/checkpoints/torch-zip.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import {
  type Py,
  PyList,
  PyNamespace,
  PyOrderedDict,
  PyTensor,
  pickle,
} from '../../../fixtures/torch/pickle-writer.ts';
import { floatStorage, storageOf, tensor, torchArchive, torchFile } from '../../../fixtures/torch/torch-file.ts';
import { type ZipEntry, zipArchive } from '../../../fixtures/torch/zip-writer.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'checkpoint.pth');
});
afterAll(() => folder[Symbol.asyncDispose]());

async function readBytes(bytes: Uint8Array) {
  await writeFile(path, bytes);
  await using handle = await open(path);
  const { tensors, container } = await readTorchCheckpoint(handle);
  const contents = new Map<string, ArrayBuffer>();
  for (const [name, view] of tensors) contents.set(name, (await readTensor(handle, view)).buffer);
  return { tensors, container, contents };
}

const read = (value: Py) => readBytes(torchFile(value));
const floats = (content: ArrayBuffer | undefined) => [...new Float32Array(content!)];

describe('a torch checkpoint', () => {
  it.each<[string | null, (weights: Py) => Py]>([
    [
      'model_state',
      (weights) => ({ epoch: 14, model_state: weights, optimizer_state: { state: {} }, cfg: 'TRAIN: …' }),
    ],
    ['model', (weights) => ({ model: weights, args: new PyNamespace({ lr: 0.1 }) })],
    ['state_dict', (weights) => ({ state_dict: weights, best: 81.2, history: new PyList([0.1, 0.2]) })],
    [null, (weights) => weights],
  ])('gives the weights that are under %s', async (container, wrap) => {
    for (const dict of [new Map([['w', tensor([1, 2])]]), new PyOrderedDict(new Map([['w', tensor([1, 2])]]))]) {
      const checkpoint = await read(wrap(dict));
      expect(checkpoint.container).toBe(container);
      expect(floats(checkpoint.contents.get('w'))).toEqual([1, 2]);
    }
  });

  it('keeps the order of its weights, and leaves out what is none', async () => {
    const { tensors } = await read({ z: tensor([1]), step: 7, a: tensor([2]), name: 'x' });
    expect([...tensors.keys()]).toEqual(['z', 'a']);
  });

  it('may hold every element type, each bit by bit', async () => {
    const storages = {
      F64: storageOf('DoubleStorage', new Float64Array([Math.PI])),
      F16: storageOf('HalfStorage', new Uint16Array([0x3c00, 0x7bff])),
      BF16: storageOf('BFloat16Storage', new Uint16Array([0x3f80, 0xc000])),
      I64: storageOf('LongStorage', new BigInt64Array([-5n])),
      I32: storageOf('IntStorage', new Int32Array([-5])),
      U8: storageOf('ByteStorage', new Uint8Array([1, 2, 3])),
      BOOL: storageOf('BoolStorage', new Uint8Array([1, 0])),
    };
    const dict = Object.entries(storages).map(([dtype, storage]): [string, Py] => {
      return [dtype, new PyTensor(storage, [storage.content.length / storage.elementBytes])];
    });
    const { tensors, contents } = await read(new Map(dict));
    for (const [dtype, storage] of Object.entries(storages)) {
      expect(tensors.get(dtype)!.dtype).toBe(dtype);
      expect(new Uint8Array(contents.get(dtype)!)).toEqual(storage.content);
    }
  });

  it('leaves out tensors of types that weights do not have', async () => {
    const complex = storageOf('ComplexFloatStorage', new Float64Array([1]));
    const { tensors } = await read({ a: new PyTensor(complex, [1]), b: tensor([1]) });
    expect([...tensors.keys()]).toEqual(['b']);
  });

  it('may hold transposed, cut and scattered tensors of one storage, and parameters', async () => {
    const shared = floatStorage(Array.from({ length: 24 }, (_, i) => i));
    const { contents } = await read({
      whole: new PyTensor(shared, [4, 6]),
      transposed: new PyTensor(shared, [6, 4], [1, 6]),
      columns: new PyTensor(shared, [4, 2], [6, 1], 3),
      everyOther: new PyTensor(shared, [12], [2]),
      overlapping: new PyTensor(shared, [3, 3], [1, 1]),
      scalar: new PyTensor(shared, [], [], 23),
      none: new PyTensor(shared, [0, 6], [6, 1], 24),
      parameter: new PyTensor(shared, [2], [1], 4, true),
    });
    expect(floats(contents.get('whole'))).toEqual(Array.from({ length: 24 }, (_, i) => i));
    expect(floats(contents.get('transposed')).slice(0, 5)).toEqual([0, 6, 12, 18, 1]);
    expect(floats(contents.get('columns'))).toEqual([3, 4, 9, 10, 15, 16, 21, 22]);
    expect(floats(contents.get('everyOther'))).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    expect(floats(contents.get('overlapping'))).toEqual([0, 1, 2, 1, 2, 3, 2, 3, 4]);
    expect(floats(contents.get('scalar'))).toEqual([23]);
    expect(floats(contents.get('none'))).toEqual([]);
    expect(floats(contents.get('parameter'))).toEqual([4, 5]);
  });

  it('ties tensors that share their memory', async () => {
    const shared = floatStorage([1, 2, 3]);
    const { tensors } = await read({ a: new PyTensor(shared, [3]), b: new PyTensor(shared, [3]) });
    expect(tensors.get('a')).toEqual(tensors.get('b'));
  });

  it('may be an archive with 64-bit sizes, and with a comment', async () => {
    for (const options of [{ zip64: true }, { comment: 'PK\u0005\u0006 is how a directory begins' }]) {
      const { contents } = await readBytes(torchFile({ w: tensor([1, 2, 3]) }, options));
      expect(floats(contents.get('w'))).toEqual([1, 2, 3]);
    }
  });
});

describe('a torch checkpoint is refused when', () => {
  const storage = floatStorage([1, 2, 3, 4]);
  it.each<[string, PyTensor]>([
    ['it has more elements than are stored', new PyTensor(storage, [5])],
    ['it begins behind its storage', new PyTensor(storage, [1], [1], 4)],
    ['its strides lead out of the storage', new PyTensor(storage, [2], [4])],
    ['its shape overflows', new PyTensor(storage, [2 ** 31 - 1, 2 ** 31 - 1, 2 ** 31 - 1], [1, 1, 1])],
    ['its strides overflow', new PyTensor(storage, [2, 2], [2 ** 53 - 1, 2 ** 53 - 1])],
    ['its shape is negative', new PyTensor(storage, [-1])],
    ['its strides are negative', new PyTensor(storage, [2], [-1], 3)],
    ['its shape is no number of elements', new PyTensor(storage, [1.5])],
    ['it has fewer strides than dimensions', new PyTensor(storage, [2, 2], [1])],
    ['it repeats elements without storing them', new PyTensor(storage, [2 ** 30], [0])],
  ])('a tensor is impossible: %s', async (_, impossible) => {
    await expect(read({ w: impossible })).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  it('a storage has another size than its pickle says', async () => {
    const { bytes, storages } = pickle({ w: tensor([1, 2]) });
    for (const content of [new Uint8Array(7), new Uint8Array(12)]) {
      const archive = torchArchive(bytes, [{ ...storages[0]!, content }]);
      await expect(readBytes(archive)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });

  it.each<[string, Py]>([
    ['it is no dictionary', new PyList([tensor([1])])],
    ['it is a number', 5],
    ['it has no tensors', { model: {}, epoch: 3 }],
  ])('%s', async (_, value) => {
    await expect(read(value)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  const pickled = { name: 'archive/data.pkl', content: pickle({ w: tensor([1]) }).bytes };
  const data = { name: 'archive/data/0', content: new Uint8Array(4) };
  it.each<[string, readonly ZipEntry[], RegExp]>([
    ['it is a zip of something else', [data], /without a PyTorch checkpoint/],
    ['it has two pickles', [pickled, data, { ...pickled, name: 'other/data.pkl' }], /more than one/],
    [
      'it is a TorchScript program',
      [
        pickled,
        data,
        { name: 'archive/constants.pkl', content: data.content },
        { name: 'archive/code/x.py', content: data.content, method: 8 },
      ],
      /TorchScript/,
    ],
    ['it is big-endian', [pickled, data, { name: 'archive/byteorder', content: Buffer.from('big') }], /big-endian/],
    ['a storage is missing', [pickled], /has no "archive\/data\/0"/],
    ['an entry is there twice', [pickled, data, data], /twice/],
    ['an entry is encrypted', [pickled, { ...data, flags: 1 }], /encrypted/],
    ['an entry is compressed', [pickled, { ...data, method: 8 }], /compressed/],
    ['an entry is longer than the file', [pickled, { ...data, claimedBytes: 10_000 }], /no room/],
    ['an entry lies upon another', [pickled, { ...data, claimedOffset: 0 }], /overlap/],
    [
      'an entry runs into the next',
      [pickled, { ...data, claimedBytes: 50 }, { ...data, name: 'archive/data/1' }],
      /overlap/,
    ],
    [
      'an entry is not where it should be',
      [pickled, { ...data, claimedOffset: 7 }],
      /where its directory says|overlap/,
    ],
    ['a name is a path upwards', [pickled, data, { ...data, name: '../../etc/passwd' }], /outside/],
    ['a name is absolute', [pickled, data, { ...data, name: '/etc/passwd' }], /outside/],
    ['a name has a drive', [pickled, data, { ...data, name: 'C:evil' }], /outside/],
    ['a name has a backslash', [pickled, data, { ...data, name: 'a\\..\\b' }], /outside/],
    ['a name has a NUL', [pickled, data, { ...data, name: 'a\0b' }], /outside/],
  ])('%s', async (_, entries, reason) => {
    await expect(readBytes(zipArchive(entries))).rejects.toMatchObject({
      code: 'checkpoint-invalid',
      message: expect.stringMatching(reason),
    });
  });

  it('it is in the format before PyTorch 1.6, with a hint how to save it again', async () => {
    const legacy = Buffer.concat([Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex'), Buffer.alloc(100)]);
    await expect(readBytes(legacy)).rejects.toMatchObject({
      code: 'checkpoint-legacy',
      hint: expect.stringContaining('torch.save'),
    });
  });

  it('it is empty, text, or cut off', async () => {
    const whole = torchFile({ w: tensor([1, 2, 3]) });
    for (const bytes of [
      Buffer.alloc(0),
      Buffer.from('hello world'),
      Buffer.from('PK'),
      Buffer.from('PK\u0003\u0004'),
      whole.subarray(0, -30),
    ]) {
      await expect(readBytes(bytes)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
    }
  });
});
