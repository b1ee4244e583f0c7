import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodeValue, encodeValue } from '#contract/rpc/value-codec.ts';

const plain = (value: unknown) =>
  JSON.parse(JSON.stringify(value, (_, inner) => (inner instanceof Float32Array ? [...inner] : inner)));

test('values come back as they were, whatever surrounds their bytes', () => {
  const values = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.string(),
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.float32Array({ noNaN: true }),
      fc.uint32Array(),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(
        fc.string().filter((key) => key !== '__proto__'),
        tie('value'),
        { maxKeys: 5, noNullPrototype: true },
      ),
    ),
  })).value;
  fc.assert(
    fc.property(values, fc.integer({ min: 0, max: 9 }), (value, before) => {
      const bytes = encodeValue(value);
      expect(decodeValue(bytes)).toEqual(value);
      // A Buffer that begins anywhere in a larger one, as files and sockets give them.
      const buffer = Buffer.concat([Buffer.alloc(before, 7), bytes, Buffer.alloc(3, 9)]);
      expect(decodeValue(buffer.subarray(before, before + bytes.length))).toEqual(value);
    }),
  );
});

test('what is undefined is left out', () => {
  expect(decodeValue(encodeValue({ a: undefined, b: 1 }))).toEqual({ b: 1 });
});

test('a million numbers take four bytes each', () => {
  expect(encodeValue(new Float32Array(2 ** 20)).length).toBeLessThan(2 ** 22 + 16);
});

test('random bytes are a value or an error, never anything else', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      let value: unknown;
      try {
        value = decodeValue(bytes);
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(Error);
        return;
      }
      expect(Object.getPrototypeOf(Object(value))).not.toBeNull();
      expect(() => plain(value)).not.toThrow();
    }),
    { numRuns: 2000 },
  );
});
