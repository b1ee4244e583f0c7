import { open, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PatchlightError } from '#contract/errors.ts';
import { readPickle } from '#native-models/checkpoints/pickle.ts';
import { tensorChunks } from '#native-models/checkpoints/read-tensor.ts';
import { readSafetensors } from '#native-models/checkpoints/safetensors.ts';
import { readTorchCheckpoint } from '#native-models/checkpoints/torch-zip.ts';
import { writeSafetensors } from '#native-models/checkpoints/write-safetensors.ts';
import { temporaryFolder } from '../../../fixtures/temporary-folder.ts';
import { PyTensor, pickle } from '../../../fixtures/torch/pickle-writer.ts';
import { floatStorage, tensor, torchArchive, torchFile } from '../../../fixtures/torch/torch-file.ts';

const RUNS = 400;
const LIMIT_MS = 2_000;
/** No input here is larger than a few kilobytes, so nothing should ever take more than this. */
const LIMIT_BYTES = 64 * 2 ** 20;

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let path: string;
beforeAll(async () => {
  folder = await temporaryFolder();
  path = join(folder.path, 'file');
});
afterAll(() => folder[Symbol.asyncDispose]());

/** Reads headers and every tensor; a refusal must be one of ours. Gives back whether the file was accepted. */
async function survives(bytes: Uint8Array, kind: 'safetensors' | 'torch'): Promise<boolean> {
  await writeFile(path, bytes);
  await using handle = await open(path);
  const memory = process.memoryUsage();
  const start = performance.now();
  try {
    const { tensors } = kind === 'torch' ? await readTorchCheckpoint(handle) : await readSafetensors(handle);
    for (const view of tensors.values()) {
      let read = 0;
      for await (const chunk of tensorChunks(handle, view)) read += chunk.length;
      expect(read).toBeLessThanOrEqual(bytes.length);
    }
    return true;
  } catch (error) {
    expect(error).toBeInstanceOf(PatchlightError);
    return false;
  } finally {
    expect(performance.now() - start).toBeLessThan(LIMIT_MS);
    const now = process.memoryUsage();
    expect(now.heapUsed + now.arrayBuffers - memory.heapUsed - memory.arrayBuffers).toBeLessThan(LIMIT_BYTES);
  }
}

/** Valid files in which a few bytes were overwritten, cut out or put in. */
function damaged(valid: Uint8Array): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    at: fc.nat(valid.length - 1),
    remove: fc.integer({ min: 0, max: 8 }),
    insert: fc.oneof(
      fc.uint8Array({ maxLength: 8 }),
      fc.constantFrom(new Uint8Array(4).fill(0xff), new Uint8Array(8).fill(0xff), new Uint8Array(8)),
    ),
    sameLength: fc.boolean(),
  });
  return fc.array(edit, { minLength: 1, maxLength: 4 }).map((edits) => {
    let bytes = Buffer.from(valid);
    for (const { at, remove, insert, sameLength } of edits) {
      const removed = sameLength ? insert.length : remove;
      bytes = Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + removed)]);
    }
    return bytes;
  });
}

describe('damaged files are accepted or refused, at once and with an error of ours', () => {
  it('safetensors with changed bytes', async () => {
    const entry = (name: string, shape: number[]) => ({
      name,
      dtype: 'F32' as const,
      shape,
      data: () => [new Uint8Array(4 * shape.reduce((a, b) => a * b, 1))],
    });
    await writeSafetensors(path, [entry('a', [2, 3]), entry('blocks.0.attn.qkv.weight', [3, 4, 5]), entry('b', [])]);
    const valid = await readFile(path);
    expect(await survives(valid, 'safetensors')).toBe(true);
    await fc.assert(
      fc.asyncProperty(damaged(valid), async (bytes) => void (await survives(bytes, 'safetensors'))),
      { numRuns: RUNS },
    );
  });

  it('safetensors with any JSON for a header', async () => {
    const field = fc.oneof(fc.integer(), fc.double(), fc.string(), fc.array(fc.nat()), fc.constant(null));
    const entry = fc.oneof(
      fc.record({
        dtype: fc.oneof(fc.constantFrom('F32', 'F16', 'U8', 'F4'), fc.string()),
        shape: fc.oneof(fc.array(fc.maxSafeNat(), { maxLength: 5 }), field),
        data_offsets: fc.oneof(fc.tuple(fc.maxSafeNat(), fc.maxSafeNat()), field),
      }),
      fc.json(),
    );
    await fc.assert(
      fc.asyncProperty(fc.dictionary(fc.string(), entry), fc.nat(64), async (header, dataBytes) => {
        const text = Buffer.from(JSON.stringify(header));
        const length = Buffer.alloc(8);
        length.writeBigUInt64LE(BigInt(text.length));
        await survives(Buffer.concat([length, text, Buffer.alloc(dataBytes)]), 'safetensors');
      }),
      { numRuns: RUNS },
    );
  });

  it('torch archives with changed bytes', async () => {
    const shared = floatStorage([1, 2, 3, 4, 5, 6]);
    const value = {
      model: { a: tensor([1, 2], [2, 1]), b: new PyTensor(shared, [3, 2], [1, 3]), c: new PyTensor(shared, [2]) },
    };
    for (const zip64 of [false, true]) {
      const valid = torchFile(value, { zip64 });
      expect(await survives(valid, 'torch')).toBe(true);
      await fc.assert(
        fc.asyncProperty(damaged(valid), async (bytes) => void (await survives(bytes, 'torch'))),
        { numRuns: RUNS },
      );
    }
  });

  it('torch archives with changed pickles', async () => {
    const { bytes, storages } = pickle({
      a: new PyTensor(floatStorage([1, 2, 3, 4]), [2, 2]),
      n: [1, 2.5, 'x', true, null],
    });
    await fc.assert(
      fc.asyncProperty(
        damaged(bytes),
        async (pickled) => void (await survives(torchArchive(pickled, storages), 'torch')),
      ),
      { numRuns: RUNS },
    );
  });

  it('any bytes at all, behind any beginning', async () => {
    const beginnings = ['', 'PK\u0003\u0004', '\u0010\0\0\0\0\0\0\0{', '{"', 'PK\u0005\u0006'].map((text) =>
      Buffer.from(text, 'latin1'),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...beginnings), fc.uint8Array({ maxLength: 300 }), async (beginning, rest) => {
        const bytes = Buffer.concat([beginning, rest]);
        await survives(bytes, 'safetensors');
        await survives(bytes, 'torch');
      }),
      { numRuns: RUNS },
    );
  });

  it('any instructions', () => {
    // Instructions that build things come up often enough to get somewhere.
    const opcode = fc.constantFrom(...Buffer.from('(.)]}NKq h2atsueR0b\x85\x86\x87\x88\x94\x8c\x81', 'latin1'));
    const byte = fc.oneof({ weight: 9, arbitrary: opcode }, { weight: 1, arbitrary: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 400 }), (codes) => {
        try {
          readPickle(Uint8Array.from([0x80, 4, ...codes, 0x2e]));
        } catch (error) {
          expect(error).toBeInstanceOf(PatchlightError);
        }
      }),
      { numRuns: 20 * RUNS },
    );
  });
});
