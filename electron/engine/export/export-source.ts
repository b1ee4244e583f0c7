import type { Analysis } from '#contract/analysis.ts';
import type { ExportSettings } from '#contract/export-choice.ts';
import type { Provenance } from '#contract/exports.ts';
import type { RecordedClip } from '../store/recorded-clip.ts';
import type { DecodedClip } from '../video/decode.ts';
import type { VideoInfo } from '../video/video-info.ts';

/** A finished analysis as exports see it. Clips are read one at a time, so memory does not grow with the video's length. */
export interface ExportSource {
  /** The whole document, as `analyze --json` writes it. */
  readonly analysis: Analysis;
  readonly video: VideoInfo;
  /** By class index. */
  readonly labels: readonly string[];
  /** In the order of time. Can be asked for several times. */
  clips(): AsyncGenerator<RecordedClip, void, undefined>;
  /** One of them, by its number. */
  clip(index: number): Promise<RecordedClip>;
  /**
   * The sampled frames of some clips once more, in the order of time.
   *
   * @param shortSide Pixels of the scaled frames' short side.
   * @throws FileNotFoundError when the source is gone, and what decoding throws
   */
  pictures(
    clips: readonly number[],
    shortSide: number,
    signal?: AbortSignal,
  ): AsyncGenerator<DecodedClip, void, undefined>;
  /** Reads the source file whole, the first time. @throws FileNotFoundError, the signal's reason */
  provenance(settings: ExportSettings, signal?: AbortSignal): Promise<Provenance>;
}
