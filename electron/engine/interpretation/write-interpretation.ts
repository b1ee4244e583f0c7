import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Interpretation } from '#contract/interpretation.ts';
import { patchMap } from '#native-models/heat-maps/heat-map.ts';
import { writeFailure } from '../export/targets/file-failure.ts';
import { DrawingBoard } from '../export/video/drawing.ts';
import type { Picture } from '../images/picture.ts';
import { resample } from '../images/resample.ts';
import { writeAtomically } from '../store/write-atomically.ts';
import { hierarchyFigure } from './figures/hierarchy.ts';
import { interpretResult } from './figures/interpret-result.ts';
import { mapPicture } from './figures/map-picture.ts';
import { type Figure, pictureOf, pngOf, svgOf } from './figures/svg-figure.ts';
import type { ImageEngine } from './image-engine.ts';
import type { InterpretedImage } from './interpret-image.ts';
import { shownInterpreter } from './map-names.ts';

/** Pictures of figures are at least so large, so that patches can be told apart. */
const LEAST_SIDE = 336;

/**
 * Writes what was made of an image into a folder: `interpret-result.png` as the published tool makes it (with interpreters),
 * `hierarchical.png` and `.svg`, `map-NAME.png` for each map, `interpretation.json`.
 *
 * @returns Paths of what was written.
 * @throws UnwritableFileError, DiskFullError
 */
export async function writeInterpretation(
  folder: string,
  { model }: Pick<ImageEngine, 'model'>,
  { source, view, selected, maps, report }: InterpretedImage,
): Promise<readonly string[]> {
  const board = await DrawingBoard.open();
  const large = largePicture(model, { source, view });
  const files = new Map<string, string | Uint8Array>();
  const shown = shownInterpreter(model.bundle.manifest);
  const scores = shown === null ? undefined : selected.groups[shown]?.scores;
  if (scores) files.set('interpret-result.png', pngOf(interpretResult(view.picture, patchMap(scores))));
  const figure = hierarchyOf(model, large, report, board);
  files.set('hierarchical.png', pngOf(pictureOf(figure, board)));
  files.set('hierarchical.svg', svgOf(figure));
  for (const [name, map] of maps) files.set(`map-${name}.png`, pngOf(mapPicture(large, map)));
  files.set('interpretation.json', `${JSON.stringify(report, null, 2)}\n`);
  return await writeAll(folder, files);
}

/** What the model was shown, from the image itself: sharper than the model's own pixels, whose multiple it is. */
export function largePicture(
  { config: { imageSize } }: ImageEngine['model'],
  { source, view }: Pick<InterpretedImage, 'source' | 'view'>,
): Picture {
  const side = imageSize * Math.ceil(LEAST_SIDE / imageSize);
  return resample(source.picture, { width: side, height: side }, 'bicubic', view.box);
}

/** The hierarchical figure of an image. */
export function hierarchyOf(
  { config: { imageSize, patchSize } }: ImageEngine['model'],
  picture: Picture,
  { groups }: Pick<Interpretation, 'groups'>,
  board: DrawingBoard,
): Figure {
  return hierarchyFigure(picture, groups, { across: imageSize / patchSize, side: picture.width, board });
}

/** @throws UnwritableFileError, DiskFullError */
export async function writeAll(
  folder: string,
  files: ReadonlyMap<string, string | Uint8Array>,
): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const [name, content] of files) {
    const path = join(folder, name);
    try {
      await mkdir(folder, { recursive: true });
      await writeAtomically(path, content);
    } catch (thrown) {
      throw writeFailure(path, thrown);
    }
    paths.push(path);
  }
  return paths;
}
