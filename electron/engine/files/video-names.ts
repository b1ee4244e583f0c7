import { extname } from 'node:path';
import { VIDEO_EXTENSIONS } from '#contract/video-files.ts';

const EXTENSIONS = new Set(VIDEO_EXTENSIONS);

/** Whether people call a video that; whether it is one is found out when it is opened. */
export function isVideoName(name: string): boolean {
  return EXTENSIONS.has(extname(name).slice(1).toLowerCase());
}
