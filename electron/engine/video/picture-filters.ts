import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from './ffmpeg-binaries.ts';
import type { VideoInfo } from './video-info.ts';

/** What is done to pictures before anybody looks at them, the model or a person. */

const HDR_TRANSFERS = new Set(['smpte2084', 'arib-std-b67']);

/** Interlaced pictures are made whole; time stamps and their number stay. */
export function deinterlaced({ interlaced }: VideoInfo): readonly string[] {
  return interlaced ? ['bwdif=mode=send_frame:parity=auto:deint=interlaced'] : [];
}

/** HDR is brought to the range of a common screen where this ffmpeg has the filters for it; else shown as it is. */
export async function toStandardRange(video: VideoInfo): Promise<readonly string[]> {
  if (!HDR_TRANSFERS.has(video.colour.transfer ?? '') || !(await canToneMap())) return [];
  return [
    // zscale refuses odd sizes while colour is stored at half the resolution.
    'format=yuv444p10le',
    'zscale=transfer=linear:npl=100',
    'format=gbrpf32le',
    'zscale=primaries=bt709',
    'tonemap=hable:desat=0',
    'zscale=transfer=bt709:matrix=bt709:range=full',
  ];
}

let toneMapping: Promise<boolean> | undefined;

function canToneMap(): Promise<boolean> {
  toneMapping ??= findBinary('ffmpeg')
    .then((binary) => promisify(execFile)(binary, ['-hide_banner', '-filters'], { maxBuffer: 2 ** 22 }))
    .then(({ stdout }) => / zscale /.test(stdout) && / tonemap /.test(stdout));
  return toneMapping;
}
