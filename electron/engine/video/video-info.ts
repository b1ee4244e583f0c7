/** Something that does not stop the work but that a person should know. `code` is stable. */
export interface VideoWarning {
  readonly code: 'video-ends-early' | 'video-damaged' | 'frame-rate-guessed';
  readonly message: string;
}

/** How pixel values stand for colours, in ffmpeg's words; `null` where the file does not say. */
export interface ColourFacts {
  /** `tv` (limited) or `pc` (full). */
  readonly range: string | null;
  /** YUV matrix, such as `bt709`. */
  readonly matrix: string | null;
  /** Transfer curve, such as `smpte2084` (PQ) or `arib-std-b67` (HLG). */
  readonly transfer: string | null;
  readonly primaries: string | null;
}

/** What {@link probeVideo} found out about one video file. */
export interface VideoInfo {
  /** Absolute. */
  readonly path: string;
  /** ffmpeg's name of the container format. */
  readonly container: string;
  readonly codec: string;
  /** Index of the analysed stream in the file. */
  readonly streamIndex: number;
  /** False where the file holds another video stream before the analysed one: a player would show that one. */
  readonly isFirstStream: boolean;
  /** As displayed: after rotation, in square pixels. */
  readonly width: number;
  readonly height: number;
  /** As stored. */
  readonly codedWidth: number;
  readonly codedHeight: number;
  /** Counter-clockwise degrees in [0, 360) that the player turns the stored picture by, as ffprobe says it. */
  readonly rotation: number;
  /** Average rate; the grid that clips are planned on. */
  readonly framesPerSecond: number;
  /** Resolution of the file's time stamps. */
  readonly tickSeconds: number;
  /** False where the time stamps were seen to leave the grid of the average rate. */
  readonly constantRate: boolean;
  /** Frames that a player shows. Counted for files of common size, else estimated from the duration. */
  readonly presentedFrames: number;
  /** False where the file does not say how long it is, as recordings that were streamed; then a player cannot seek. */
  readonly saysLength: boolean;
  /** From the first presented frame to the end of the last. */
  readonly durationSeconds: number;
  /** Time stamp of the first presented frame. */
  readonly startSeconds: number;
  readonly interlaced: boolean;
  readonly bitDepth: number;
  /** ffmpeg's name of how pixels are stored, such as `yuv420p`; `null` where it cannot tell. */
  readonly pixelFormat: string | null;
  readonly colour: ColourFacts;
  readonly hasAudio: boolean;
  readonly warnings: readonly VideoWarning[];
}
