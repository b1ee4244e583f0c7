import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import type { VideoInfo } from '../video/video-info.ts';

/** What looking into a video has shown. */
export type Finding = { readonly info: VideoInfo } | { readonly problem: string };

const colour = z.string().nullable();
const info: z.ZodType<VideoInfo> = z.object({
  path: z.string(),
  container: z.string(),
  codec: z.string(),
  streamIndex: z.int(),
  isFirstStream: z.boolean(),
  width: z.number(),
  height: z.number(),
  codedWidth: z.number(),
  codedHeight: z.number(),
  rotation: z.number(),
  framesPerSecond: z.number().positive(),
  tickSeconds: z.number(),
  constantRate: z.boolean(),
  presentedFrames: z.number(),
  saysLength: z.boolean(),
  durationSeconds: z.number(),
  startSeconds: z.number(),
  interlaced: z.boolean(),
  bitDepth: z.number(),
  pixelFormat: z.string().nullable(),
  colour: z.object({ range: colour, matrix: colour, transfer: colour, primaries: colour }),
  hasAudio: z.boolean(),
  warnings: z.array(
    z.object({ code: z.enum(['video-ends-early', 'video-damaged', 'frame-rate-guessed']), message: z.string() }),
  ),
});
const lineSchema = z.object({
  path: z.string(),
  /** Size and time of change: another file at the same path is looked into again. */
  stamp: z.string(),
  finding: z.union([z.object({ info }), z.object({ problem: z.string() })]),
});

/**
 * What was found out about videos, on disk, a line for each: looking into a large data set takes long, and a training is
 * gone on with more than once. Lines that cannot be read count as missing.
 */
export class KeptFindings implements AsyncDisposable {
  readonly #file: FileHandle;
  readonly #known: ReadonlyMap<string, { readonly stamp: string; readonly finding: Finding }>;

  private constructor(file: FileHandle, known: ReadonlyMap<string, { stamp: string; finding: Finding }>) {
    this.#file = file;
    this.#known = known;
  }

  /** Goes on with the file at `path`, or begins it; its folder must be there. */
  static async open(path: string): Promise<KeptFindings> {
    const text = await readFile(path, 'utf8').catch(() => '');
    const known = new Map<string, { stamp: string; finding: Finding }>();
    for (const line of text.split('\n')) {
      const read = lineSchema.safeParse(fromJson(line));
      if (read.success) known.set(read.data.path, read.data);
    }
    const file = await open(path, 'a');
    // Half a line, left by a kill, must not swallow the next one.
    if (text !== '' && !text.endsWith('\n')) await file.appendFile('\n');
    return new KeptFindings(file, known);
  }

  /** What is known of the video at `path`, as it is now. */
  async of(path: string): Promise<Finding | null> {
    const known = this.#known.get(path);
    return known !== undefined && known.stamp === (await stampOf(path)) ? known.finding : null;
  }

  async add(path: string, finding: Finding): Promise<void> {
    await this.#file.appendFile(`${JSON.stringify({ path, stamp: await stampOf(path), finding })}\n`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#file.close();
  }
}

async function stampOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => null);
  return `${facts?.size} ${facts?.mtimeMs}`;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
