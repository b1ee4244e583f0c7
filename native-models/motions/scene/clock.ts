/** A scene lasts 64 frames at 30 a second: 8 sampled frames at a stride of 8. */
export const sceneFrames = 64;
export const framesPerSecond = 30;
export const sceneSeconds = sceneFrames / framesPerSecond;

/**
 * Which frames of a scene a clip of `frames` has: floor(linspace(0, 63, frames)), as the Kinetics test protocol samples
 * a video that is as long as one clip. A single frame is the one in the middle, which tells most.
 */
export function sampledFrames(frames: number): number[] {
  if (frames === 1) return [sceneFrames / 2];
  const step = (sceneFrames - 1) / (frames - 1);
  return Array.from({ length: frames }, (_, i) => Math.floor(i * step + 1e-9));
}
