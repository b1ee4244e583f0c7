import { basename } from 'node:path';
import {
  ImageKindError,
  ImageTooLargeError,
  ImageUnreadableError,
  NotAnImageError,
  PatchlightError,
} from '#contract/errors.ts';
import { IMAGE_EXTENSIONS } from '#contract/image-files.ts';

/** Brands of HEIF files whose pictures are coded with HEVC, which libvips' packages leave out for its patents. */
const HEVC_BRANDS = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx'];

/** What libvips said about a file, as an error for people. */
export function imageFailure(path: string, bytes: Buffer, thrown: unknown): PatchlightError {
  if (thrown instanceof PatchlightError) return thrown;
  const name = basename(path);
  const said = thrown instanceof Error ? thrown.message : String(thrown);
  const parts = { detail: said, cause: thrown };
  if (/exceeds pixel limit/i.test(said)) {
    return new ImageTooLargeError(`${name} has too many pixels.`, {
      hint: 'Save it with fewer than 134 megapixels.',
      ...parts,
    });
  }
  if (isHevc(bytes)) {
    return new ImageKindError(`${name} is a HEIC picture, which cannot be read.`, {
      hint: 'Save it as JPEG, PNG or AVIF; phones do so when a picture is shared.',
      ...parts,
    });
  }
  if (!isImage(bytes)) {
    return new NotAnImageError(`${name} is no image that can be read.`, {
      hint: `Read are JPEG, PNG, WebP, AVIF, TIFF and GIF (${IMAGE_EXTENSIONS.map((ending) => `.${ending}`).join(', ')}).`,
      ...parts,
    });
  }
  return new ImageUnreadableError(`${name} is damaged and cannot be read.`, {
    hint: 'It may have been cut off: copy or download it again.',
    ...parts,
  });
}

/** What files of the kinds that are read begin with, in bytes as letters; of AVIF and WebP what follows a length. */
const SIGNATURES: readonly (readonly [at: number, letters: string])[] = [
  [0, '\u00ff\u00d8\u00ff'],
  [0, '\u0089PNG'],
  [0, 'GIF8'],
  [8, 'WEBP'],
  [0, 'II*\0'],
  [0, 'MM\0*'],
  [4, 'ftypavi'],
  [4, 'ftypmif1'],
];

function isImage(bytes: Buffer): boolean {
  const head = bytes.toString('latin1', 0, 16);
  return SIGNATURES.some(([at, letters]) => head.startsWith(letters, at));
}

/** @see ISO/IEC 23008-12, the file type box */
function isHevc(bytes: Buffer): boolean {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') return false;
  const end = Math.min(bytes.length, bytes.readUInt32BE(0), 256);
  const brands = Array.from({ length: Math.max(0, Math.floor((end - 8) / 4)) }, (_, i) =>
    bytes.toString('latin1', 8 + 4 * i, 12 + 4 * i),
  );
  return brands.some((brand) => HEVC_BRANDS.includes(brand));
}
