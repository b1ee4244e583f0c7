import { motionClasses } from '#native-models/motions/classes.ts';
import { clipLabel, type MotionSplit } from '#native-models/motions/splits.ts';

/** Where a clip of the written data set lies, relative to its folder, with forward slashes. */
export interface ClipPlace {
  readonly split: MotionSplit;
  readonly index: number;
  readonly label: number;
  /** H.264, 64 frames at 30 a second. */
  readonly video: string;
  /** PNG of one bit a pixel, white where the figure is: the masks of the 64 frames one below the other. */
  readonly mask: string;
}

/** The folder of a class: its name with dashes, which readers of data sets take for blanks. */
function classFolder(label: number): string {
  return (motionClasses[label] ?? '').replaceAll(' ', '-');
}

export function clipPlace(split: MotionSplit, index: number): ClipPlace {
  const label = clipLabel(split, index);
  const name = `${classFolder(label)}/${String(index).padStart(6, '0')}`;
  return { split, index, label, video: `${split}/${name}.mp4`, mask: `masks/${split}/${name}.png` };
}

/** A Kinetics list: `path,label` on each line, paths relative to the list. */
export function kineticsList(places: readonly ClipPlace[]): string {
  return places.map(({ video, label }) => `${video},${motionClasses[label]}\n`).join('');
}
