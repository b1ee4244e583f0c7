import type { VideoInfo } from '../video/video-info.ts';

/** A video to learn from. */
export interface TrainingVideo {
  /** Place among the usable videos of the data, from 0. */
  readonly index: number;
  /** Absolute. */
  readonly path: string;
  /** As the data set calls it. */
  readonly name: string;
  /** Class number of the model; null where nobody knows it. */
  readonly label: number | null;
}

/** A video that was looked into: its first clip can be decoded. */
export interface CheckedVideo extends TrainingVideo {
  readonly info: VideoInfo;
}
