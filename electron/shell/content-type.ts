import { extname } from 'node:path';
import { VIDEO_FILES } from '#contract/video-files.ts';

const TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...VIDEO_FILES,
    html: 'text/html; charset=utf-8',
    js: 'text/javascript; charset=utf-8',
    css: 'text/css; charset=utf-8',
    json: 'application/json; charset=utf-8',
    svg: 'image/svg+xml',
    png: 'image/png',
    ico: 'image/x-icon',
    woff2: 'font/woff2',
    txt: 'text/plain; charset=utf-8',
  }),
);

/** The media type of a file by its name. */
export function contentType(path: string): string {
  return TYPES.get(extname(path).slice(1).toLowerCase()) ?? 'application/octet-stream';
}
