import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { parseRange } from './byte-range.ts';
import { contentType } from './content-type.ts';

/** What of a request matters for a file. Header names are in lower case. */
export interface FileRequest {
  readonly method: string;
  header(name: 'range' | 'if-range' | 'if-none-match'): string | null;
}

/** An answer over HTTP, whichever server gives it. Whoever gets one reads its body to the end, or destroys it. */
export interface FileAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable | null;
}

/**
 * A file as an answer with byte ranges, so that a player can seek: 200 or 206, 304 when the reader has it already, 404, 405,
 * and 416 for a range outside of it.
 */
export async function answerFile(path: string, request: FileRequest): Promise<FileAnswer> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return refusal(405, { allow: 'GET, HEAD' });
  const file = await open(path).catch(() => null);
  if (file === null) return refusal(404);
  let handedOver = false;
  try {
    const info = await file.stat();
    if (!info.isFile()) return refusal(404);
    const { size, mtimeMs, mtime } = info;
    const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`;
    const modified = mtime.toUTCString();
    const shared = { 'accept-ranges': 'bytes', etag, 'last-modified': modified, 'cache-control': 'no-cache' };
    if (request.header('if-none-match') === etag) return { status: 304, headers: shared, body: null };

    // A part is of use only to whoever has the rest of the same file.
    const ifRange = request.header('if-range');
    const isSame = ifRange === null || ifRange === etag || ifRange === modified;
    const range = isSame ? parseRange(request.header('range'), size) : 'whole';
    if (range === 'unsatisfiable') return refusal(416, { ...shared, 'content-range': `bytes */${size}` });
    const span = range === 'whole' ? { start: 0, end: size - 1 } : range;
    const headers = {
      ...shared,
      'content-type': contentType(path),
      'content-length': String(span.end - span.start + 1),
      ...(range === 'whole' ? {} : { 'content-range': `bytes ${span.start}-${span.end}/${size}` }),
    };
    const status = range === 'whole' ? 200 : 206;
    if (request.method === 'HEAD' || size === 0) return { status, headers, body: null };
    handedOver = true;
    return { status, headers, body: file.createReadStream({ ...span, highWaterMark: 256 * 1024 }) };
  } finally {
    if (!handedOver) await file.close();
  }
}

/** An answer without content. */
export function refusal(status: number, headers: Readonly<Record<string, string>> = {}): FileAnswer {
  return { status, headers: { ...headers, 'content-length': '0' }, body: null };
}
