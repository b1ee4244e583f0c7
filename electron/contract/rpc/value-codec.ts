import { Decoder, Encoder, ExtensionCodec } from '@msgpack/msgpack';

/**
 * Structured values as bytes, for transports and files that know nothing else: MessagePack, with typed arrays as they lie in
 * memory. Decoding calls nothing and makes plain objects only; `__proto__` as a key is refused.
 */

/** Type numbers of the extension; never given to another type. Every platform of ours is little-endian. */
const TYPED_ARRAYS = { 1: Float32Array, 2: Uint32Array } as const;

const extensionCodec = new ExtensionCodec();
for (const [type, TypedArray] of Object.entries(TYPED_ARRAYS)) {
  extensionCodec.register({
    type: Number(type),
    encode: (value) =>
      value instanceof TypedArray ? new Uint8Array(value.buffer, value.byteOffset, value.byteLength) : null,
    // The copy begins at an address that the numbers can be read from. (`slice` would not copy a Buffer of Node's.)
    decode: (bytes) => new TypedArray(new Uint8Array(bytes).buffer),
  });
}

/** As {@link decodeValue} gives it back, except that properties that are undefined are left out. */
export function encodeValue(value: unknown): Uint8Array<ArrayBuffer> {
  return new Encoder({ extensionCodec, ignoreUndefined: true }).encode(value);
}

/** @throws Error when `bytes` are not exactly one value. */
export function decodeValue(bytes: Uint8Array): unknown {
  return new Decoder({ extensionCodec }).decode(bytes);
}
