/** What NumPy calls the elements: booleans, floats and integers of so many bytes, text of so many characters. */
export type NpyType = '|b1' | '<f4' | '<f8' | '<i4' | `<U${number}`;

const MAGIC = [0x93, ...new TextEncoder().encode('NUMPY'), 1, 0];
/** The data begins at a multiple of it. */
const ALIGNMENT = 64;

/**
 * The beginning of a .npy file, format 1.0; the elements follow, the last axis fastest.
 *
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function npyHeader(type: NpyType, shape: readonly number[]): Uint8Array {
  // A tuple of one has a comma behind it.
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const description = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = MAGIC.length + 2;
  const length = Math.ceil((before + description.length + 1) / ALIGNMENT) * ALIGNMENT - before;
  const header = new Uint8Array(before + length);
  header.set(MAGIC);
  new DataView(header.buffer).setUint16(MAGIC.length, length, true);
  header.set(new TextEncoder().encode(`${description.padEnd(length - 1)}\n`), before);
  return header;
}

/** Texts as NumPy keeps them: four bytes a character, filled up with zeros to the longest; and what their type is called. */
export function npyTexts(texts: readonly string[]): { readonly type: NpyType; readonly bytes: Uint8Array } {
  const characters = texts.map((text) => [...text]);
  const longest = Math.max(1, ...characters.map(({ length }) => length));
  const view = new DataView(new ArrayBuffer(4 * longest * texts.length));
  for (const [i, text] of characters.entries()) {
    for (const [j, character] of text.entries()) {
      view.setUint32(4 * (i * longest + j), character.codePointAt(0) ?? 0, true);
    }
  }
  return { type: `<U${longest}`, bytes: new Uint8Array(view.buffer) };
}

/** Numbers as the bytes of a .npy file: little-endian, whatever this machine is. */
export function npyNumbers(type: Exclude<NpyType, `<U${number}`>, numbers: ArrayLike<number>): Uint8Array {
  const size = Number(type.at(-1));
  const view = new DataView(new ArrayBuffer(size * numbers.length));
  for (let i = 0; i < numbers.length; i++) {
    const value = numbers[i] ?? 0;
    if (type === '<f4') view.setFloat32(4 * i, value, true);
    else if (type === '<f8') view.setFloat64(8 * i, value, true);
    else if (type === '<i4') view.setInt32(4 * i, value, true);
    else view.setUint8(i, value);
  }
  return new Uint8Array(view.buffer);
}
