import { crc32, deflateSync } from 'node:zlib';

/**
 * A PNG file.
 *
 * @param kind `rgb`: `pixels` are `[height, width, 3]`, 0–255. `mask`: `[height, width]` of 0 and 1, shown black and
 *   white, one bit each in the file.
 * @see https://www.w3.org/TR/png-3/
 */
export function encodePng(kind: 'rgb' | 'mask', pixels: Uint8Array, width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Bits a channel and colour type; then the only compression and filter methods, not interlaced.
  header.set(kind === 'rgb' ? [8, 2] : [1, 0], 8);
  const rows = kind === 'rgb' ? pixels : packBits(pixels, width, height);
  const row = rows.length / height;
  const lines = Buffer.alloc(height * (row + 1));
  // Each line begins with its filter type: 0, none.
  for (let y = 0; y < height; y++) lines.set(rows.subarray(y * row, (y + 1) * row), y * (row + 1) + 1);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const end = chunk('IEND', Buffer.alloc(0));
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(lines)), end]);
}

/** Eight pixels a byte, the leftmost in the highest bit, each row from a new byte on. */
function packBits(mask: Uint8Array, width: number, height: number): Uint8Array {
  const row = Math.ceil(width / 8);
  const bytes = new Uint8Array(row * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (mask[y * width + x] !== 1) continue;
      const at = y * row + (x >> 3);
      bytes[at] = (bytes[at] ?? 0) | (0x80 >> (x & 7));
    }
  }
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
