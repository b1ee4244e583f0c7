import type { VideoExport, VideoFormat } from '#contract/video-export.ts';
import { deinterlaced, toStandardRange } from '../../video/picture-filters.ts';
import type { VideoInfo } from '../../video/video-info.ts';

export interface PreparedPictures {
  /** Filters that bring decoded pictures to what is drawn on: upright, square pixels, even sides, 8 bit. */
  readonly filters: readonly string[];
  readonly width: number;
  readonly height: number;
  /** The pictures were in HDR, and are in BT.709 now. */
  readonly toneMapped: boolean;
}

/** The size that is drawn on: codecs want even sides, so an odd one loses its last row or column. */
export function evenSize({ width, height }: Pick<VideoInfo, 'width' | 'height'>): { width: number; height: number } {
  const even = (side: number) => Math.max(2, side - (side % 2));
  return { width: even(width), height: even(height) };
}

/**
 * How pictures are made ready for drawing: as the analysis takes them, but in their own size.
 */
export async function preparedPictures(video: VideoInfo): Promise<PreparedPictures> {
  const { width, height } = evenSize(video);
  const standard = await toStandardRange(video);
  const toneMapped = standard.length > 0;
  return {
    filters: [
      ...deinterlaced(video),
      // Does nothing where the size is right; where it changes half-way, it stays what it was.
      `scale=${video.width}:${video.height}:flags=bicubic`,
      ...standard,
      ...(toneMapped ? ['scale=out_color_matrix=bt709:out_range=tv', 'format=yuv420p'] : []),
      'format=pix_fmts=yuv420p|yuvj420p',
      ...(width === video.width && height === video.height ? [] : [`crop=${width}:${height}:0:0`]),
      'setsar=1',
    ],
    ...{ width, height, toneMapped },
  };
}

/** GIF counts hundredths, and players slow down what is shorter than two of them: such pictures are left out. */
const GIF_FRAMES = "select='isnan(prev_selected_t)+gte(t-prev_selected_t,0.0195)'";

/** A palette for every picture: one for all of them would need all of them in memory. */
const GIF_COLOURS =
  'split[plain][counted];[counted]palettegen=stats_mode=single[palette];[plain][palette]paletteuse=new=1:dither=bayer:bayer_scale=4';

/**
 * The graph from the source's pictures (input 0) and the annotations (input 1) to `[out]`. It ends where the annotations end:
 * should this process die, ffmpeg does not go on for nobody.
 */
export function filterGraph(
  { streamIndex }: Pick<VideoInfo, 'streamIndex'>,
  { filters }: PreparedPictures,
  format: VideoFormat,
  { sideBySide }: Pick<VideoExport, 'sideBySide'>,
): string {
  const lay = 'overlay=x=0:y=0:format=yuv420:eof_action=endall';
  const drawn = sideBySide
    ? `split[original][under];[under][1:v]${lay}[drawn];[original][drawn]hstack=inputs=2`
    : `null[under];[under][1:v]${lay}`;
  return `[0:${streamIndex}]${filters.join(',')},${drawn}${format === 'gif' ? `,${GIF_FRAMES},${GIF_COLOURS}` : ''}[out]`;
}
