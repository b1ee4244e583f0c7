import { resolve } from 'node:path';
import { z } from 'zod';
import { IncompleteVideoError, NotAVideoError, NoVideoStreamError, UndecodableVideoError } from '#contract/errors.ts';
import { ffprobe } from './ffprobe.ts';
import { readFileHead } from './file-head.ts';
import { type PacketTimeline, readPacketTimeline } from './presented-packets.ts';
import type { VideoInfo, VideoWarning } from './video-info.ts';

/** Up to this size every packet is looked at, which reads the whole file; beyond it, durations are believed. */
const COUNTED_BYTES = 128 * 2 ** 20;

/** Formats that hold one picture, or text that ffmpeg would draw, or that point elsewhere. */
const NOT_VIDEO_FORMAT =
  /(^|,)(image2|image2pipe|[a-z0-9]+_pipe|tty|ansi|bin|xbin|adf|idf|hls|dash|concat|sdp|imf)(,|$)/;

const streamSchema = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  pix_fmt: z.string().optional(),
  bits_per_raw_sample: z.string().optional(),
  sample_aspect_ratio: z.string().optional(),
  field_order: z.string().optional(),
  color_range: z.string().optional(),
  color_space: z.string().optional(),
  color_transfer: z.string().optional(),
  color_primaries: z.string().optional(),
  avg_frame_rate: z.string().optional(),
  r_frame_rate: z.string().optional(),
  time_base: z.string().optional(),
  start_time: z.string().optional(),
  duration: z.string().optional(),
  nb_frames: z.string().optional(),
  disposition: z.record(z.string(), z.number()).default({}),
  side_data_list: z.array(z.object({ rotation: z.number().optional() })).default([]),
});
type Stream = z.infer<typeof streamSchema>;

const answerSchema = z.object({
  streams: z.array(streamSchema).default([]),
  format: z.object({ format_name: z.string(), duration: z.string().optional(), start_time: z.string().optional() }),
});
type Answer = z.infer<typeof answerSchema>;

/**
 * What a video file holds, or why it cannot be analysed. Decodes nothing, and reads no more than 128 MB.
 *
 * @throws FileNotFoundError, EmptyFileError, PlaylistRefusedError, NotAVideoError, NoVideoStreamError (sound only, cover
 * art), IncompleteVideoError (cut off before its index), UndecodableVideoError, FfmpegMissingError, ProbeTimeoutError,
 * the signal's reason
 */
export async function probeVideo(path: string, signal?: AbortSignal): Promise<VideoInfo> {
  signal?.throwIfAborted();
  const file = resolve(path);
  const head = await readFileHead(file);
  const { answer, complaints } = await askStreams(file, head.looksLikeMp4, signal);
  const { stream, isFirstStream } = pickStream(file, answer);
  const tickSeconds = ratio(stream.time_base) ?? 1e-6;
  const packets =
    head.sizeBytes <= COUNTED_BYTES ? await readPacketTimeline(file, stream.index, tickSeconds, signal) : null;
  const rotation =
    (((stream.side_data_list.find((data) => data.rotation !== undefined)?.rotation ?? 0) % 360) + 360) % 360;
  const codedWidth = stream.width ?? 0;
  const codedHeight = stream.height ?? 0;
  return {
    path: file,
    container: answer.format.format_name,
    codec: stream.codec_name ?? 'unknown',
    streamIndex: stream.index,
    isFirstStream,
    ...displaySize(codedWidth, codedHeight, stream.sample_aspect_ratio, rotation),
    codedWidth,
    codedHeight,
    rotation,
    tickSeconds,
    saysLength: seconds(stream.duration) !== null || seconds(answer.format.duration) !== null,
    ...timeline(file, stream, answer, packets, `${complaints}\n${packets?.complaints ?? ''}`),
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(stream.field_order ?? ''),
    bitDepth: bitDepth(stream),
    pixelFormat: known(stream.pix_fmt),
    colour: {
      range: known(stream.color_range),
      matrix: known(stream.color_space),
      transfer: known(stream.color_transfer),
      primaries: known(stream.color_primaries),
    },
    hasAudio: answer.streams.some((other) => other.codec_type === 'audio'),
  };
}

async function askStreams(
  path: string,
  looksLikeMp4: boolean,
  signal: AbortSignal | undefined,
): Promise<{ answer: Answer; complaints: string }> {
  const lines: string[] = [];
  const question = ['-show_streams', '-show_format', '-of', 'json'];
  const { exitCode, complaints } = await ffprobe(path, question, (line) => lines.push(line), signal);
  if (exitCode === 0) {
    const answer = answerSchema.safeParse(JSON.parse(lines.join('\n')));
    if (answer.success) return { answer: answer.data, complaints };
  }
  if (looksLikeMp4 && complaints.includes('moov atom not found')) {
    throw new IncompleteVideoError(`${path} was cut off before its index, so nothing in it can be decoded.`, {
      hint: 'Copy or download the file again. A recording that broke off may be saved by a repair tool such as untrunc.',
      detail: complaints,
    });
  }
  throw new NotAVideoError(`${path} is not a video that ffmpeg can read.`, {
    hint: 'Check that it plays in a video player.',
    detail: complaints,
  });
}

function pickStream(path: string, { streams, format }: Answer): { stream: Stream; isFirstStream: boolean } {
  if (NOT_VIDEO_FORMAT.test(format.format_name)) {
    throw new NotAVideoError(`${path} is not a video (ffmpeg calls it ${format.format_name}).`, {
      hint: 'Open a file with moving pictures; `patchlight interpret` and the Image screen take images.',
    });
  }
  const moving = streams.filter(
    ({ codec_type, disposition }) =>
      codec_type === 'video' && !disposition.attached_pic && !disposition.timed_thumbnails && !disposition.still_image,
  );
  const stream = moving.find(({ disposition }) => disposition.default) ?? moving[0];
  if (stream === undefined) {
    const sound = streams.some(({ codec_type }) => codec_type === 'audio');
    throw new NoVideoStreamError(`${path} holds ${sound ? 'sound, but ' : ''}no moving pictures.`, {
      hint: 'Open a file with a video track; a cover picture does not count.',
    });
  }
  if (!stream.width || !stream.height) {
    throw new UndecodableVideoError(
      `${path} holds a ${stream.codec_name ?? 'video'} track that ffmpeg cannot make out.`,
      {
        hint: 'The file may be damaged, or cut off before its first picture.',
      },
    );
  }
  return { stream, isFirstStream: stream === moving[0] };
}

/** Rate, length and start, from the packets where they were read, else from what the header claims. */
function timeline(
  path: string,
  stream: Stream,
  answer: Answer,
  packets: PacketTimeline | null,
  complaints: string,
): Pick<
  VideoInfo,
  'framesPerSecond' | 'constantRate' | 'presentedFrames' | 'durationSeconds' | 'startSeconds' | 'warnings'
> {
  if (packets?.count === 0) {
    throw new UndecodableVideoError(`${path} holds a video track without a single picture.`, {
      hint: 'The file may be cut off: copy or download it again.',
      detail: complaints.trim(),
    });
  }
  const warnings: VideoWarning[] = [];
  const claimedSeconds = seconds(stream.duration) ?? seconds(answer.format.duration) ?? 0;
  const measuredSeconds =
    packets !== null && packets.first !== null && packets.end !== null ? packets.end - packets.first : null;
  let rate = ratio(stream.avg_frame_rate) ?? ratio(stream.r_frame_rate);
  if (rate === null) {
    rate = packets && measuredSeconds ? packets.count / measuredSeconds : 25;
    warnings.push({
      code: 'frame-rate-guessed',
      message: `The file does not say its frame rate; ${rate.toFixed(2)} frames/s is assumed.`,
    });
  }
  const counted = packets?.count ?? (Number(stream.nb_frames) || Math.round(claimedSeconds * rate));
  const presentedFrames = Math.max(1, counted);
  // The last packet of some formats has no duration, and time stamps are rounded: the grid knows better.
  const gridSeconds = presentedFrames / rate;
  const measured = measuredSeconds ?? (packets === null ? claimedSeconds : gridSeconds);
  const durationSeconds = Math.abs(measured - gridSeconds) <= 1.5 / rate ? gridSeconds : measured;
  if (packets !== null && claimedSeconds - durationSeconds > Math.max(1, claimedSeconds / 10)) {
    warnings.push({
      code: 'video-ends-early',
      message: `The file claims ${claimedSeconds.toFixed(1)} s, but its pictures end after ${durationSeconds.toFixed(1)} s.`,
    });
  }
  const nominal = ratio(stream.r_frame_rate);
  return {
    framesPerSecond: rate,
    constantRate: packets?.constantRate ?? nominal === rate,
    presentedFrames,
    durationSeconds,
    startSeconds: packets?.first ?? seconds(stream.start_time) ?? 0,
    warnings,
  };
}

/** Size on screen: pixels made square by widening or narrowing, then turned. */
function displaySize(
  codedWidth: number,
  codedHeight: number,
  aspect: string | undefined,
  rotation: number,
): { width: number; height: number } {
  const square = Math.max(1, Math.round(codedWidth * (ratio(aspect?.replace(':', '/')) ?? 1)));
  return rotation % 180 === 90 ? { width: codedHeight, height: square } : { width: square, height: codedHeight };
}

function bitDepth({ bits_per_raw_sample, pix_fmt }: Stream): number {
  return Number(bits_per_raw_sample) || Number(/p(9|10|12|14|16)(le|be)?$/.exec(pix_fmt ?? '')?.[1]) || 8;
}

/** `"30000/1001"` as a number; `null` where ffprobe knows none (`"0/0"`, absent). */
function ratio(text: string | undefined): number | null {
  const [above, below] = (text ?? '').split('/').map(Number);
  const value = (above ?? Number.NaN) / (below ?? Number.NaN);
  return Number.isFinite(value) && value > 0 ? value : null;
}

function seconds(text: string | undefined): number | null {
  const value = Number.parseFloat(text ?? '');
  return Number.isFinite(value) ? value : null;
}

function known(text: string | undefined): string | null {
  return text === undefined || text === 'unknown' ? null : text;
}
