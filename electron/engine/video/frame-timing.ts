import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBinary } from './ffmpeg-binaries.ts';

let timing: Promise<readonly string[]> | undefined;

/** Keeps every frame at its own time. The option got another name in ffmpeg 5.1, and lost the old one in 9. */
export async function frameTiming(): Promise<readonly string[]> {
  timing ??= findBinary('ffmpeg')
    .then((binary) => promisify(execFile)(binary, ['-hide_banner', '-h', 'long'], { maxBuffer: 2 ** 22 }))
    .then(({ stdout }) => [stdout.includes('-fps_mode') ? '-fps_mode' : '-vsync', 'vfr']);
  timing.catch(() => {
    timing = undefined;
  });
  return timing;
}
