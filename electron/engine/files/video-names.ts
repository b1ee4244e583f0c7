import { extname } from 'node:path';

const EXTENSIONS = new Set(
  '.mp4 .m4v .mov .mkv .webm .avi .mpg .mpeg .m2ts .mts .ts .vob .wmv .flv .3gp .ogv .gif .y4m .mxf'.split(' '),
);

/** Whether people call a video that; whether it is one is found out when it is opened. */
export function isVideoName(name: string): boolean {
  return EXTENSIONS.has(extname(name).toLowerCase());
}
