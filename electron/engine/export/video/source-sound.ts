import { z } from 'zod';
import { ffprobe } from '../../video/ffprobe.ts';
import type { SoundTrack } from './encoding.ts';

const answerSchema = z.object({
  streams: z
    .array(z.object({ index: z.int(), codec_name: z.string().optional(), channels: z.int().optional() }))
    .default([]),
  format: z.object({ start_time: z.string().optional() }),
});

export interface SourceSound {
  /** Those that can be told apart; others are data that no player plays. */
  readonly tracks: readonly SoundTrack[];
  /** Time stamp at which the first of pictures and sound begins; null where the file does not say. */
  readonly startSeconds: number | null;
}

/** What a file holds besides its pictures. @throws what {@link ffprobe} throws */
export async function readSourceSound(path: string, signal?: AbortSignal): Promise<SourceSound> {
  const lines: string[] = [];
  const question = ['-select_streams', 'a', '-show_entries', 'stream=index,codec_name,channels:format=start_time'];
  await ffprobe(path, [...question, '-of', 'json'], (line) => lines.push(line), signal);
  const { streams, format } = answerSchema.parse(JSON.parse(lines.join('\n')));
  const start = Number.parseFloat(format.start_time ?? '');
  return {
    tracks: streams.flatMap(({ index, codec_name: codec, channels }) =>
      codec === undefined || codec === 'unknown' ? [] : [{ index, codec, channels: channels ?? 2 }],
    ),
    startSeconds: Number.isFinite(start) ? start : null,
  };
}
