import { stat } from 'node:fs/promises';
import { probeVideo } from '../video/probe.ts';
import type { VideoInfo } from '../video/video-info.ts';
import { contentKey } from './content-key.ts';

/** What is known of a video file. */
export interface KnownVideo {
  readonly info: VideoInfo;
  readonly sizeBytes: number;
  /** Names the content. */
  readonly content: string;
}

const MOST_VIDEOS = 64;

/** Videos that were looked into, so that opening, analysing and reopening one look into it once. */
export class KnownVideos {
  readonly #known = new Map<string, { readonly stamp: string; readonly video: Promise<KnownVideo> }>();

  /** @throws like {@link probeVideo} and {@link contentKey} */
  async look(path: string): Promise<KnownVideo> {
    // A file that cannot be asked for its size is asked for everything, which says why.
    const info = await stat(path).catch(() => undefined);
    const stamp = `${info?.size} ${info?.mtimeMs}`;
    const known = this.#known.get(path);
    if (known?.stamp === stamp) return known.video;
    const video = lookInto(path, info?.size ?? 0);
    this.#known.set(path, { stamp, video });
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_VIDEOS && oldest !== undefined) this.#known.delete(oldest);
    return video.catch((thrown: unknown) => {
      this.#known.delete(path);
      throw thrown;
    });
  }
}

// Not cancelled by whoever asked first: another one may wait for it, and it ends soon by itself.
async function lookInto(path: string, sizeBytes: number): Promise<KnownVideo> {
  const info = await probeVideo(path);
  return { info, sizeBytes, content: await contentKey(path) };
}
