import { open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTensor } from '#native-models/checkpoints/read-tensor.ts';
import { readSafetensors } from '#native-models/checkpoints/safetensors.ts';
import { type TensorEntry, writeSafetensors } from '#native-models/checkpoints/write-safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'file.safetensors');
});
afterAll(() => folder[Symbol.asyncDispose]());

/** A file with this header, whatever it is, and this many bytes behind it. */
async function withHeader(header: string, dataBytes = 0, claimed?: bigint) {
  const text = Buffer.from(header);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(claimed ?? BigInt(text.length));
  await writeFile(path, Buffer.concat([length, text, Buffer.alloc(dataBytes)]));
  await using handle = await open(path);
  return await readSafetensors(handle);
}

const f32 = (shape: string, begin: number, end: number) =>
  `{"dtype":"F32","shape":${shape},"data_offsets":[${begin},${end}]}`;

describe('reading a safetensors header', () => {
  it('finds the tensors in the order of their data, whatever the order of the header', async () => {
    const header = `{"b":${f32('[2]', 4, 12)},"__metadata__":{"format":"pt"},"a":${f32('[]', 0, 4)}}   `;
    const { tensors, metadata } = await withHeader(header, 12);
    expect([...tensors.keys()]).toEqual(['a', 'b']);
    const dataStart = 8 + header.length;
    expect(tensors.get('b')).toEqual({
      dtype: 'F32',
      shape: [2],
      strides: [1],
      byteOffset: dataStart + 4,
      byteLength: 8,
    });
    expect(metadata.get('format')).toBe('pt');
  });

  it.each([
    ['an empty object', '{}'],
    ['tensors without elements', `{"a":${f32('[0,5]', 0, 0)},"b":${f32('[3,0]', 0, 0)}}`],
    ['escapes in names', `{"\\u0061\\"\\\\":${f32('[0]', 0, 0)}}`],
  ])('accepts %s', async (_, header) => {
    await expect(withHeader(header)).resolves.toBeDefined();
  });

  it.each<[string, string, string, number?, bigint?]>([
    ['no JSON object', '[]', 'does not begin with {'],
    ['a header longer than the file', '{}', 'has only', 0, 1000n],
    ['a header over 100 MB', '{}', 'claims a header of 100000001', 0, 100_000_001n],
    ['a header of 2⁶⁴ − 1 bytes', '{}', 'claims a header', 0, 2n ** 64n - 1n],
    ['equal keys', `{"a":${f32('[0]', 0, 0)},"a":${f32('[0]', 0, 0)}}`, '"a" twice'],
    ['equal keys, one escaped', `{"a":${f32('[0]', 0, 0)},"\\u0061":${f32('[0]', 0, 0)}}`, '"a" twice'],
    [
      'a repeated field',
      '{"a":{"dtype":"F32","dtype":"F32","shape":[0],"data_offsets":[0,0]}}',
      'repeated field "dtype"',
    ],
    ['an unknown field', '{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0],"run":1}}', 'field "run"'],
    ['a missing field', '{"a":{"dtype":"F32","shape":[0]}}', 'does not give type, shape and place of "a"'],
    ['an unknown type', '{"a":{"dtype":"Q9","shape":[0],"data_offsets":[0,0]}}', 'unknown type "Q9"'],
    ['a type from the prototype', '{"a":{"dtype":"constructor","shape":[0],"data_offsets":[0,0]}}', 'unknown type'],
    ['an overlap', `{"a":${f32('[2]', 0, 8)},"b":${f32('[2]', 4, 12)}}`, 'overlap', 12],
    ['a gap', `{"a":${f32('[1]', 0, 4)},"b":${f32('[1]', 8, 12)}}`, '4 bytes unused before "b"', 12],
    ['a gap in front', `{"a":${f32('[1]', 4, 8)}}`, '4 bytes unused before "a"', 8],
    ['unused bytes at the end', `{"a":${f32('[1]', 0, 4)}}`, '1 bytes at the end', 5],
    ['tensors beyond the end', `{"a":${f32('[2]', 0, 8)}}`, 'and the file has 7', 7],
    ['a shape that does not fit its bytes', `{"a":${f32('[3]', 0, 8)}}`, '[3] of F32 take 12', 8],
    ['offsets in the wrong order', `{"a":${f32('[0]', 4, 0)}}`, 'gives "a" -4 bytes', 4],
    ['a product over 2⁵³', `{"a":${f32('[4294967296,4294967296]', 0, 0)}}`, 'impossible shape'],
    ['a product over 2⁶⁴ that wraps to 0', `{"a":${f32('[4294967296,4294967296,0]', 0, 0)}}`, 'impossible shape'],
    ['a number over 2⁵³', `{"a":${f32('[99999999999999999999]', 0, 0)}}`, 'else than a whole number'],
    ['a negative size', `{"a":${f32('[-1]', 0, 0)}}`, 'else than a whole number'],
    ['a fraction', `{"a":${f32('[1.5]', 0, 6)}}`, 'else than a whole number', 6],
    ['an exponent', `{"a":${f32('[1e3]', 0, 0)}}`, 'else than a whole number'],
    ['Infinity', `{"a":${f32('[Infinity]', 0, 0)}}`, 'else than a whole number'],
    ['NaN', `{"a":${f32('[NaN]', 0, 0)}}`, 'else than a whole number'],
    ['a leading zero', `{"a":${f32('[01]', 0, 4)}}`, 'else than a whole number', 4],
    ['text for a number', `{"a":${f32('["1"]', 0, 4)}}`, 'else than a whole number', 4],
    ['nesting', `{"a":${'['.repeat(100_000)}`, 'has no {'],
    ['nesting in metadata', '{"__metadata__":{"a":{}}}', 'has no "'],
    ['seventeen dimensions', `{"a":${f32(`[${'1,'.repeat(16)}1]`, 0, 4)}}`, 'more than 16 numbers', 4],
    ['three offsets', '{"a":{"dtype":"F32","shape":[],"data_offsets":[0,4,8]}}', 'more than 2 numbers', 4],
    ['something behind the end', '{} {}', 'goes on behind its end'],
    ['a comma too many', '{"a":1,}', 'has no {'],
    ['an open string', '{"a', 'middle of a string'],
    ['an open string that ends in a backslash', '{"a\\', 'middle of a string'],
    ['a line break in a name', '{"a\n":1}', 'not valid JSON'],
    ['a name of a megabyte', `{"${'a'.repeat(2 ** 20)}":1}`, 'name of 1048576 characters'],
  ])('refuses %s', async (_, header, reason, dataBytes, claimed) => {
    await expect(withHeader(header, dataBytes, claimed)).rejects.toMatchObject({
      code: 'safetensors-invalid',
      message: expect.stringContaining(reason),
    });
  });

  it('refuses a header that is not UTF-8, and a file of a few bytes', async () => {
    for (const bytes of [
      Buffer.from([4, 0, 0, 0, 0, 0, 0, 0, 0x7b, 0xff, 0xfe, 0x7d]),
      Buffer.alloc(9),
      Buffer.alloc(0),
    ]) {
      await writeFile(path, bytes);
      await using handle = await open(path);
      await expect(readSafetensors(handle)).rejects.toMatchObject({ code: 'safetensors-invalid' });
    }
  });

  it('refuses more entries than any model has, in no time', async () => {
    const entries = Array.from({ length: 100_001 }, (_, i) => `"${i}":${f32('[0]', 0, 0)}`);
    await expect(withHeader(`{${entries.join()}}`)).rejects.toMatchObject({
      message: expect.stringContaining('100000 entries'),
    });
  });
});

describe('writing a safetensors file', () => {
  const values = Float32Array.from({ length: 3_000_000 }, (_, i) => i);
  const entries: TensorEntry[] = [
    { name: 'half', dtype: 'F16', shape: [3], data: () => [new Uint8Array([1, 2, 3, 4]), new Uint8Array([5, 6])] },
    { name: 'large', dtype: 'F32', shape: [3, 1_000_000], data: () => [new Uint8Array(values.buffer)] },
    { name: 'none', dtype: 'F32', shape: [0], data: () => [] },
    { name: '__proto__', dtype: 'F32', shape: [], data: () => [new Uint8Array(4)] },
  ];

  it('gives the tensors back bit by bit, and starts their data at a multiple of 64', async () => {
    const written = await writeSafetensors(path, entries);
    await using handle = await open(path);
    const { tensors, fileBytes } = await readSafetensors(handle);
    expect([...tensors.keys()].toSorted()).toEqual(['__proto__', 'half', 'large', 'none']);
    expect(tensors.get('half')!.byteOffset % 64).toBe(0);
    expect(await readTensor(handle, tensors.get('half')!)).toEqual(new Uint8Array([1, 2, 3, 4, 5, 6]));
    expect(new Float32Array((await readTensor(handle, tensors.get('large')!)).buffer)).toEqual(values);
    expect(written.bytes).toBe(fileBytes);
  });

  it('gives the SHA-256 of what it wrote', async () => {
    const { sha256 } = await writeSafetensors(path, entries);
    const digest = await crypto.subtle.digest('SHA-256', await readFile(path));
    expect(sha256).toBe(Buffer.from(digest).toString('hex'));
  });

  it('asks for the data of one tensor after that of the other was used', async () => {
    const order: string[] = [];
    const watched = ['a', 'b'].map(
      (name): TensorEntry => ({
        name,
        dtype: 'U8',
        shape: [2],
        *data() {
          for (const part of [1, 2]) {
            order.push(`${name}${part}`);
            yield new Uint8Array([part]);
          }
        },
      }),
    );
    await writeSafetensors(path, watched, { onProgress: (done, total) => order.push(`${done - total}`) });
    expect(order).toEqual(['-4', 'a1', '-3', 'a2', '-2', 'b1', '-1', 'b2', '0']);
  });

  it('leaves nothing behind when it is cancelled or the data does not fit the shape', async () => {
    await using empty = await temporaryFolder();
    const target = join(empty.path, 'x.safetensors');
    const abort = new AbortController();
    const onProgress = (done: number) => done > 1_000 && abort.abort();
    await expect(writeSafetensors(target, entries, { signal: abort.signal, onProgress })).rejects.toThrow(/abort/);
    const short: TensorEntry = { name: 'a', dtype: 'F32', shape: [2], data: () => [new Uint8Array(7)] };
    await expect(writeSafetensors(target, [short])).rejects.toThrow(RangeError);
    expect(await readdir(empty.path)).toEqual([]);
  });

  it('keeps the old file while the new one is not complete', async () => {
    await writeFile(path, 'old');
    const broken: TensorEntry = {
      name: 'a',
      dtype: 'F32',
      shape: [2],
      data: () => {
        throw new Error('disk on fire');
      },
    };
    await expect(writeSafetensors(path, [broken])).rejects.toThrow('disk on fire');
    expect(await readFile(path, 'utf8')).toBe('old');
  });
});

describe('reading a tensor', () => {
  it('says so when the file became shorter', async () => {
    const data = () => [new Uint8Array(400)];
    await writeSafetensors(path, [{ name: 'a', dtype: 'F32', shape: [100], data }]);
    await using handle = await open(path);
    const { tensors } = await readSafetensors(handle);
    await truncate(path, 300);
    await expect(readTensor(handle, tensors.get('a')!)).rejects.toMatchObject({ code: 'checkpoint-invalid' });
  });

  it('makes a transposed tensor contiguous', async () => {
    // [[0, 1, 2], [3, 4, 5]] read as its transpose
    const data = () => [new Uint8Array(new Float32Array([0, 1, 2, 3, 4, 5]).buffer)];
    await writeSafetensors(path, [{ name: 'a', dtype: 'F32', shape: [2, 3], data }]);
    await using handle = await open(path);
    const view = (await readSafetensors(handle)).tensors.get('a')!;
    const transposed = await readTensor(handle, { ...view, shape: [3, 2], strides: [1, 3] });
    expect([...new Float32Array(transposed.buffer)]).toEqual([0, 3, 1, 4, 2, 5]);
  });

  it('makes a large strided tensor contiguous across chunks', async () => {
    const [rows, columns] = [2_000, 1_500];
    const values = Float32Array.from({ length: rows * columns }, (_, i) => i);
    const data = () => [new Uint8Array(values.buffer)];
    await writeSafetensors(path, [{ name: 'a', dtype: 'F32', shape: [rows, columns], data }]);
    await using handle = await open(path);
    const view = (await readSafetensors(handle)).tensors.get('a')!;
    const read = await readTensor(handle, { ...view, shape: [columns, rows], strides: [1, columns] });
    const transposed = new Float32Array(read.buffer);
    for (const [row, column] of [
      [0, 0],
      [1_999, 0],
      [0, 1_499],
      [1_234, 777],
      [1_999, 1_499],
    ] as const) {
      expect(transposed[column * rows + row]).toBe(row * columns + column);
    }
  });
});
