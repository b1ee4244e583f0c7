import { InvalidArgumentError, Option } from 'commander';
import { DEFAULT_VIDEO_EXPORT, type VideoExport } from '#contract/video-export.ts';
import { numberBetween } from './options.ts';

/** What can be left out of annotated videos; `comparison` leaves the prediction of one clip alone. */
const PARTS = ['prediction', 'comparison', 'kept', 'time', 'legend', 'model'] as const;
type Part = (typeof PARTS)[number];

/** How annotated videos are drawn. */
export interface DrawingOptions {
  readonly overlay: VideoExport['overlay']['mode'];
  readonly overlayOpacity: number;
  readonly overlayCrops: VideoExport['crops'];
  readonly between: VideoExport['between'];
  readonly without: readonly Part[];
  readonly sideBySide?: boolean;
}

const { overlay, crops, between } = DEFAULT_VIDEO_EXPORT;

export const drawingOptions = (): Option[] =>
  [
    new Option('--overlay <mode>', 'dropped patches dimmed, a heat map of the scores, or an outline of what is kept')
      .choices(['kept', 'heat', 'outline', 'off'])
      .default(overlay.mode),
    new Option('--overlay-opacity <x>', 'of heat maps, and of what dims')
      .argParser(numberBetween(0, 1))
      .default(overlay.opacity),
    new Option('--overlay-crops <crops>', 'patches of all crops that were run, or of the centre one')
      .choices(['all', 'center'])
      .default(crops),
    new Option('--between <how>', 'between two sampled frames: hold the nearer one’s scores, or blend both')
      .choices(['hold', 'blend'])
      .default(between),
    new Option('--without <parts>', `leave out, separated by commas: ${PARTS.join(', ')}`)
      .argParser(parseParts)
      .default([], 'nothing'),
    new Option('--side-by-side', 'the original at the left'),
  ].map((option) => option.helpGroup('Annotated videos (.mp4, .webm, .gif):'));

/** @param span The part of the video that is analysed is the part that is written. */
export function videoExport(options: DrawingOptions, span: VideoExport['span'] | undefined): VideoExport {
  const has = (part: Part) => !options.without.includes(part);
  return {
    overlay: { mode: options.overlay, opacity: options.overlayOpacity },
    between: options.between,
    crops: options.overlayCrops,
    prediction: has('prediction') ? (has('comparison') ? 'both' : 'one') : 'off',
    keepRatio: has('kept'),
    time: has('time'),
    legend: has('legend'),
    modelName: has('model'),
    sideBySide: options.sideBySide ?? false,
    span: span ?? null,
  };
}

function parseParts(text: string): Part[] {
  return text.split(',').map((one) => {
    const part = PARTS.find((known) => known === one.trim());
    if (part === undefined) throw new InvalidArgumentError(`There is no part ${one.trim()}: ${PARTS.join(', ')}.`);
    return part;
  });
}
