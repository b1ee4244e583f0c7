import type { VideoFormat } from '#contract/video-export.ts';

/**
 * How pictures are stored: fine enough that what is not drawn on looks like the original.
 *
 * Encoders count time in a clock of their own, which by default ticks once a frame of the average rate; with these clocks every
 * time stamp is kept.
 */
const VIDEO_CODING: Readonly<Record<VideoFormat, readonly string[]>> = {
  mp4: ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', '-enc_time_base', '1/90000'],
  webm: [
    ...['-c:v', 'libvpx-vp9', '-crf', '24', '-b:v', '0', '-deadline', 'good', '-cpu-used', '5', '-row-mt', '1'],
    ...['-tile-columns', '2', '-enc_time_base', '1/1000'],
  ],
  gif: ['-c:v', 'gif', '-enc_time_base', '1/100'],
};

const CONTAINER: Readonly<Record<VideoFormat, readonly string[]>> = {
  // The index comes first, so that the file plays while it is still being fetched.
  mp4: ['-movflags', '+faststart', '-video_track_timescale', '90000'],
  webm: [],
  gif: ['-loop', '0'],
};

/** Sound that a format can hold as it is, by ffmpeg's names. */
const COPIED_SOUND: Readonly<Record<VideoFormat, readonly string[]>> = {
  mp4: ['aac', 'mp3', 'mp2', 'ac3', 'eac3', 'alac', 'opus', 'flac'],
  webm: ['opus', 'vorbis'],
  gif: [],
};

const SOUND_CODING: Readonly<Record<VideoFormat, readonly string[]>> = {
  mp4: ['aac', '192k'],
  // Surround is mixed down: not all of its arrangements exist in Opus.
  webm: ['libopus', '160k'],
  gif: [],
};

/** A sound track of the source. */
export interface SoundTrack {
  /** In the file. */
  readonly index: number;
  readonly codec: string;
  readonly channels: number;
}

export function videoCoding(format: VideoFormat): readonly string[] {
  return VIDEO_CODING[format];
}

export function containerOptions(format: VideoFormat): readonly string[] {
  return CONTAINER[format];
}

export function isCopied({ codec }: SoundTrack, format: VideoFormat): boolean {
  return COPIED_SOUND[format].includes(codec);
}

/** Every sound track as it is where the format can hold it, else encoded anew. */
export function soundCoding(tracks: readonly SoundTrack[], format: VideoFormat): readonly string[] {
  const [codec = '', bitrate = ''] = SOUND_CODING[format];
  if (codec === '') return [];
  const options = tracks.flatMap((track, i) => {
    const map = ['-map', `0:${track.index}`];
    if (isCopied(track, format)) return [...map, `-c:a:${i}`, 'copy'];
    const mixed = format === 'webm' && track.channels > 2 ? [`-ac:a:${i}`, '2'] : [];
    return [...map, `-c:a:${i}`, codec, `-b:a:${i}`, bitrate, ...mixed];
  });
  // Older versions call Opus and FLAC in MP4 an experiment.
  return options.length === 0 ? [] : [...options, '-strict', '-2'];
}
