import { Buffer } from 'node:buffer';

/**
 * Pictures with time stamps on a pipe: a Matroska stream of uncompressed video that ffmpeg reads as it comes. Its clock counts
 * microseconds, and a picture stays until the next one.
 *
 * @see RFC 8794 (EBML), RFC 9559 (Matroska)
 */

/** ffmpeg's name of the pixel format as a colour space of uncompressed video: yuva420p. */
const YUVA420P = Buffer.from([0x59, 0x34, 0x0b, 0x08]);

const TICK_NANOSECONDS = 1000;

export interface TimedPicture {
  /** Not below that of the picture before, not below 0. */
  readonly seconds: number;
  readonly bytes: Uint8Array;
}

/** The stream's beginning. */
export function streamHead(width: number, height: number): Buffer {
  const head = element('1a45dfa3', [
    ...[number('4286', 1), number('42f7', 1), number('42f2', 4), number('42f3', 8)],
    ...[element('4282', [Buffer.from('matroska')]), number('4287', 4), number('4285', 2)],
  ]);
  // Segment, of unknown length: it goes on until the pipe ends.
  const segment = Buffer.from('1853806701ffffffffffffff', 'hex');
  const application = Buffer.from('Patchlight');
  const facts = [number('2ad7b1', TICK_NANOSECONDS), element('4d80', [application]), element('5741', [application])];
  const video = [number('b0', width), number('ba', height), element('2eb524', [YUVA420P])];
  const track = [
    ...[number('d7', 1), number('73c5', 1), number('83', 1), number('9c', 0)],
    ...[element('86', [Buffer.from('V_UNCOMPRESSED')]), element('e0', video)],
  ];
  return Buffer.concat([head, segment, element('1549a966', facts), element('1654ae6b', [element('ae', track)])]);
}

/** What comes before a picture's bytes: a cluster of its own, since clusters tell time in full. */
export function pictureHead({ seconds, bytes }: TimedPicture): Buffer {
  const stamp = number('e7', Math.max(0, Math.round((seconds * 1e9) / TICK_NANOSECONDS)));
  // Track 1, no time beyond the cluster's, a key frame.
  const block = Buffer.from([0x81, 0, 0, 0x80]);
  const blockHead = Buffer.concat([Buffer.from('a3', 'hex'), size(block.length + bytes.length), block]);
  const body = stamp.length + blockHead.length + bytes.length;
  return Buffer.concat([Buffer.from('1f43b675', 'hex'), size(body), stamp, blockHead]);
}

function element(id: string, content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from(id, 'hex'), size(body.length), body]);
}

function number(id: string, value: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeBigUInt64BE(BigInt(value));
  return element(id, [body]);
}

/** A length in the long form: eight bytes, of which the first bit says so. */
function size(bytes: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeBigUInt64BE(BigInt(bytes) | (1n << 56n));
  return body;
}
