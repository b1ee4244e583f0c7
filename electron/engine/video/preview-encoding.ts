import { frameTiming } from './frame-timing.ts';
import { deinterlaced, toStandardRange } from './picture-filters.ts';
import type { VideoInfo } from './video-info.ts';

/** Pixels of a preview's long side at most: it is looked at, and never analysed. */
const LONG_SIDE = 1280;

/** Ticks of a preview's clock in a second: finer than what most files have. */
const TICKS_PER_SECOND = 90_000;

/** Every so many frames one can be decoded by itself, so a seek decodes few others. */
const KEY_FRAME_DISTANCE = 15;

/** Stored size, both sides even, as H.264 wants it. The picture is the whole one: nothing is cut off. */
export function previewSize({ width, height }: Pick<VideoInfo, 'width' | 'height'>): {
  readonly width: number;
  readonly height: number;
} {
  const factor = Math.min(1, LONG_SIDE / Math.max(width, height));
  const even = (length: number) => Math.max(2, Math.round((length * factor) / 2) * 2);
  return { width: even(width), height: even(height) };
}

/**
 * How ffmpeg writes a preview: H.264 with 8 bits and 4:2:0, AAC, the index first, every frame that the engine sees at the
 * time at which the engine sees it, the first at 0.
 *
 * @param sound when the first picture comes on ffmpeg's clock, which the sound is moved by; `null` leaves it out
 */
export async function previewOptions(
  video: VideoInfo,
  sound: { readonly zeroSeconds: number } | null,
): Promise<readonly string[]> {
  return [
    ...['-map', `0:${video.streamIndex}`, '-filter:v', await pictureChain(video), ...(await frameTiming())],
    // Without B-frames the file needs no edit list, and the first frame stands at 0 for every player.
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-bf', '0'],
    ...['-g', String(KEY_FRAME_DISTANCE), '-profile:v', 'high', '-pix_fmt', 'yuv420p'],
    ...['-enc_time_base', `1:${TICKS_PER_SECOND}`, '-video_track_timescale', String(TICKS_PER_SECOND)],
    ...['-color_primaries', 'bt709', '-color_trc', 'bt709', '-colorspace', 'bt709', '-color_range', 'tv'],
    ...(sound === null ? ['-an'] : soundOptions(sound.zeroSeconds)),
    ...['-sn', '-dn', '-map_metadata', '-1', '-map_chapters', '-1', '-movflags', '+faststart'],
    // Where sound begins late, many pictures wait for it.
    ...['-max_muxing_queue_size', '9999', '-max_error_rate', '1'],
  ];
}

/** Gaps in the sound become silence; what comes before the first picture is left out. */
function soundOptions(zeroSeconds: number): readonly string[] {
  const filter = `asetpts='PTS-${zeroSeconds.toFixed(6)}/TB',aresample=48000:async=1:first_pts=0`;
  return ['-map', '0:a:0', '-filter:a', filter, '-c:a', 'aac', '-b:a', '128k', '-ac', '2'];
}

async function pictureChain(video: VideoInfo): Promise<string> {
  const { width, height } = previewSize(video);
  // Rounded to even sides, the picture keeps its exact shape by pixels that are not quite square.
  const aspect = `${video.width * height}/${video.height * width}`;
  return [
    ...deinterlaced(video),
    'settb=1/1000000',
    'setpts=PTS-STARTPTS',
    `scale=${width}:${height}:flags=bicubic+accurate_rnd+full_chroma_int`,
    ...(await toStandardRange(video)),
    'scale=out_color_matrix=bt709:out_range=tv',
    'format=yuv420p',
    `setsar=sar=${aspect}:max=65535`,
  ].join(',');
}
