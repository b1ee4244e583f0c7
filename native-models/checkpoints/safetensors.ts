import type { FileHandle } from 'node:fs/promises';
import { SafetensorsInvalidError } from '#contract/errors.ts';
import { readExactly } from './read-tensor.ts';
import { parseSafetensorsHeader } from './safetensors-header.ts';
import { contiguousStrides, type TensorView } from './tensor-view.ts';

/** The limit of the reference implementation. */
const MAX_HEADER_BYTES = 100_000_000;

/** A tensor of a safetensors file: always without gaps. */
export interface SafetensorsTensor extends TensorView {
  readonly byteLength: number;
}

export interface Safetensors {
  /** In the order of the file. */
  readonly tensors: ReadonlyMap<string, SafetensorsTensor>;
  readonly metadata: ReadonlyMap<string, string>;
  readonly fileBytes: number;
}

/**
 * Says what is in a safetensors file. Reads its header and nothing of its tensors.
 *
 * @throws SafetensorsInvalidError when the file breaks the format's rules in any way.
 */
export async function readSafetensors(handle: FileHandle): Promise<Safetensors> {
  const { size } = await handle.stat();
  const prefix = Buffer.alloc(9);
  if (size < prefix.length + 1) invalid('is too short for a safetensors file');
  await readExactly(handle, prefix, 0);
  const headerBytes = prefix.readBigUInt64LE(0);
  if (headerBytes > BigInt(MAX_HEADER_BYTES)) invalid(`claims a header of ${headerBytes} bytes`);
  const dataStart = 8 + Number(headerBytes);
  if (dataStart > size) invalid(`claims a header of ${headerBytes} bytes, and has only ${size}`);
  if (headerBytes < 2n || prefix[8] !== 0x7b) invalid('has a header that does not begin with {');

  const bytes = Buffer.alloc(Number(headerBytes));
  await readExactly(handle, bytes, 8);
  const header = parseSafetensorsHeader(decode(bytes), size - dataStart);
  const tensors = new Map<string, SafetensorsTensor>();
  for (const [name, { dtype, shape, begin, end }] of header.entries) {
    const strides = contiguousStrides(shape);
    tensors.set(name, { dtype, shape, strides, byteOffset: dataStart + begin, byteLength: end - begin });
  }
  return { tensors, metadata: header.metadata, fileBytes: size };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return invalid('has a header that is not UTF-8');
  }
}

function invalid(reason: string): never {
  throw new SafetensorsInvalidError(`The file ${reason}.`, {
    hint: 'Download or copy it again: it is damaged or not what its name says.',
  });
}
