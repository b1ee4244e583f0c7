import type { Colour, Part } from '#native-models/motions/body/figure.ts';
import type { Vector } from '#native-models/motions/body/vector.ts';

/** A video that is drawn. */
export interface Sample {
  /** Of its file in this folder, without `.mp4`. */
  readonly name: string;
  readonly frames: number;
  at(index: number): Scene;
}

/** Pixels and frames per second of every sample. */
export const format = { width: 480, height: 360, framesPerSecond: 30 } as const;

/** Everything that a frame shows besides the room, which never changes. */
export interface Scene {
  readonly camera: Camera;
  readonly figures: readonly (readonly Part[])[];
}

export interface Camera {
  readonly eye: Vector;
  /** Radians to the right of +z. */
  readonly yaw: number;
  /** Radians below the horizon. */
  readonly pitch: number;
  /** Focal length over the picture's height. */
  readonly focal: number;
}

/** An sRGB colour such as `0xd9694c` in linear light. */
export function colour(hex: number): Colour {
  const linear = (shift: number) => {
    const value = ((hex >> shift) & 255) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  return [linear(16), linear(8), linear(0)];
}
