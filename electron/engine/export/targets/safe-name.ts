import { Buffer } from 'node:buffer';

/** File systems take no longer names. */
const MOST_BYTES = 255;

/** Devices on Windows, whatever ending they have. */
const RESERVED = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?$/i;

/**
 * `text` as a part of a file's name that means the same on every system: nothing in it separates folders, is invisible or
 * means something to a file system. Letters of all scripts stay.
 */
export function safePart(text: string): string {
  return text
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>:"/\\|?*\ufffd]/gu, '_');
}

/** Whether a file or folder can be called that on every system. */
export function isSafeName(name: string): boolean {
  return name !== '' && safeName(name) === name.normalize('NFC');
}

/** A name near to `name` that every system takes. One that is too long is cut before its ending. */
export function safeName(name: string): string {
  const part = safePart(name);
  const named = part === '' || RESERVED.test(part) ? `_${part}` : part;
  // Windows drops dots and blanks at the end.
  return shortened(named).replace(/[. ]+$/, (end) => '_'.repeat(end.length));
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= MOST_BYTES) return name;
  const [ending = ''] = /(?:\.[^.]{1,16}){1,2}$/u.exec(name) ?? [];
  let stem = '';
  for (const character of name.slice(0, name.length - ending.length)) {
    if (Buffer.byteLength(stem + character + ending) > MOST_BYTES) break;
    stem += character;
  }
  return stem + ending;
}
