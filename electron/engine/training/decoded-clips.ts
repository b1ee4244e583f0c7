import { UndecodableVideoError } from '#contract/errors.ts';
import { type DecodedClip, decodeClips } from '../video/decode.ts';
import { type ClipTiming, planClips } from '../video/plan.ts';
import type { VideoInfo } from '../video/video-info.ts';

/** One clip of a video, as its frames are to be scaled. */
export interface WantedClip {
  readonly info: VideoInfo;
  readonly startSeconds: number;
  /** Pixels of the scaled frames' short side. */
  readonly shortSide: number;
}

export interface DecodedClipsOptions {
  readonly timing: ClipTiming;
  /** Most bytes of decoded frames that are kept for a next time. */
  readonly mostBytes: number;
  /** Ends all decoding. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes single clips, and keeps those that were used last for as long as they fit into memory: of a small data set every
 * clip is decoded once, and of a large one memory does not grow.
 */
export class DecodedClips {
  readonly timing: ClipTiming;
  readonly #mostBytes: number;
  readonly #signal: AbortSignal | undefined;
  /** In the order of their last use. */
  readonly #kept = new Map<string, DecodedClip>();
  #bytes = 0;

  constructor({ timing, mostBytes, signal }: DecodedClipsOptions) {
    this.timing = timing;
    this.#mostBytes = mostBytes;
    this.#signal = signal;
  }

  /** Bytes of decoded frames that are kept. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws like {@link decodeClips}; UndecodableVideoError also when there is no picture that early or late. */
  async decode(wanted: WantedClip): Promise<DecodedClip> {
    const { info, startSeconds, shortSide } = wanted;
    const key = `${shortSide} ${startSeconds} ${info.path}`;
    const known = this.#kept.get(key);
    if (known !== undefined) {
      this.#kept.delete(key);
      this.#kept.set(key, known);
      return known;
    }
    const decoded = await this.#decode(wanted);
    this.#keep(key, decoded);
    return decoded;
  }

  async #decode({ info, startSeconds, shortSide }: WantedClip): Promise<DecodedClip> {
    const span = { startSeconds, endSeconds: Number.POSITIVE_INFINITY };
    const [clip] = planClips(info, { ...this.timing, span });
    if (clip !== undefined) {
      for await (const decoded of decodeClips(info, [clip], { shortSide, signal: this.#signal })) return decoded;
    }
    throw new UndecodableVideoError(`No picture of ${info.path} can be decoded at ${startSeconds.toFixed(2)} s.`, {
      hint: 'The file may be damaged: check that it plays there.',
    });
  }

  #keep(key: string, decoded: DecodedClip): void {
    const replaced = this.#kept.get(key);
    if (replaced !== undefined) this.#bytes -= replaced.frames.length;
    this.#kept.delete(key);
    this.#kept.set(key, decoded);
    this.#bytes += decoded.frames.length;
    for (const [oldest, { frames }] of this.#kept) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#kept.delete(oldest);
      this.#bytes -= frames.length;
    }
  }
}
