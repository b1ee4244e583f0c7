import { join } from 'node:path';
import { toErrorData } from '#contract/errors.ts';
import type { Interpretation, Interpretations } from '#contract/interpretation.ts';
import { maskPath } from '../evaluation/faithfulness/mask-files.ts';
import { safeName } from '../export/targets/safe-name.ts';
import { DrawingBoard } from '../export/video/drawing.ts';
import type { FoundImages } from '../images/find-images.ts';
import type { Picture } from '../images/picture.ts';
import { MapComparisonSum } from './compare-maps.ts';
import { type GridRow, mapGrid } from './figures/map-grid.ts';
import { mapPicture } from './figures/map-picture.ts';
import { pictureOf, pngOf } from './figures/svg-figure.ts';
import type { ImageEngine } from './image-engine.ts';
import { readImageMask } from './image-mask.ts';
import { type InterpretedImage, type InterpretRequest, interpretImage } from './interpret-image.ts';
import { InterpretationsFile } from './interpretations-file.ts';
import { judgeImage } from './judge-image.ts';
import { writeAll, writeInterpretation } from './write-interpretation.ts';

export interface InterpretImagesRequest extends Omit<InterpretRequest, 'stream'> {
  /** Where everything is written; a folder's images each have a folder of their own there. */
  readonly folder: string;
  /** Folder of masks; null where maps are not held against any. */
  readonly masks: string | null;
  /** Whether deletion and insertion are measured. */
  readonly curves: boolean;
}

export type InterpretEvent =
  | { readonly type: 'image'; readonly interpretation: Interpretation; readonly files: readonly string[] }
  | { readonly type: 'failure'; readonly failure: Interpretations['failures'][number] }
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | {
      readonly type: 'done';
      /** How many there are; each was told. */
      readonly images: number;
      readonly failures: Interpretations['failures'];
      readonly comparison: Interpretations['comparison'];
      /** Where the document of a folder was written; null for an image. */
      readonly document: string | null;
      readonly files: readonly string[];
    };

/** Images in the picture of maps side by side: as many as can be looked at. */
const MOST_ROWS = 8;

/**
 * Interprets images one after another. One that cannot be read is a failure, and the others go on; what is wrong with the
 * model, the device or the disk ends it. Memory does not grow with what is made of the images: of those that are done only
 * sums are kept, the names of failures, and the first rows of the picture of maps.
 *
 * @throws what inference throws, UnwritableFileError, DiskFullError, the signal's reason
 */
export async function* interpretImages(
  engine: ImageEngine,
  { isFolder, images }: FoundImages,
  request: InterpretImagesRequest,
  signal?: AbortSignal,
): AsyncGenerator<InterpretEvent, void, undefined> {
  await using file = isFolder ? await InterpretationsFile.begin(join(request.folder, 'interpretations.json')) : null;
  const failures: Interpretations['failures'] = [];
  const sums = new MapComparisonSum();
  const rows: GridRow[] = [];
  for (const [stream, { path, name }] of images.entries()) {
    signal?.throwIfAborted();
    const outcome = await interpretOne(engine, { path, name }, { ...request, stream }, signal);
    if ('error' in outcome) {
      const { code, message, hint } = toErrorData(outcome.error);
      const failure = { path, error: { code, message, ...(hint === undefined ? {} : { hint }) } };
      failures.push(failure);
      yield { type: 'failure', failure };
    } else {
      const { interpreted, mask } = outcome;
      sums.add(await judgeImage(engine, interpreted, { mask, curves: request.curves, signal }));
      if (rows.length < MOST_ROWS) rows.push(gridRow(interpreted, mask));
      const parts = isFolder ? name.split('/').map(safeName) : [];
      const files = await writeInterpretation(join(request.folder, ...parts), engine, interpreted);
      await file?.add(interpreted.report);
      yield { type: 'image', interpretation: interpreted.report, files };
    }
    yield { type: 'progress', done: stream + 1, total: images.length };
  }
  const comparison = sums.comparison();
  const document = (await file?.finish({ failures, comparison })) ?? null;
  const files = document === null ? [] : [document, ...(await writeMaps(request, rows))];
  yield { type: 'done', images: images.length - failures.length, failures, comparison, document, files };
}

type Outcome =
  | { readonly interpreted: InterpretedImage; readonly mask: Uint8Array | null }
  | { readonly error: unknown };

/** Errors of the image itself, its mask included, are given back. */
async function interpretOne(
  engine: ImageEngine,
  { path, name }: FoundImages['images'][number],
  request: InterpretImagesRequest & InterpretRequest,
  signal?: AbortSignal,
): Promise<Outcome> {
  try {
    const interpreted = await interpretImage(engine, path, request, signal);
    const file = request.masks === null ? null : maskPath(request.masks, { name });
    const { source, view } = interpreted;
    const mask = file === null ? null : await readImageMask(file, source, view, signal);
    return { interpreted, mask };
  } catch (error) {
    signal?.throwIfAborted();
    if (!OF_IMAGES.has(toErrorData(error).code)) throw error;
    return { error };
  }
}

const OF_IMAGES: ReadonlySet<string> = new Set([
  'file-not-found',
  'file-empty',
  'not-an-image',
  'image-kind',
  'image-unreadable',
  'image-too-large',
  'data-set-invalid',
]);

function gridRow({ view: { picture }, maps }: InterpretedImage, mask: Uint8Array | null): GridRow {
  const drawn: Picture | null =
    mask === null
      ? null
      : { ...picture, pixels: picture.pixels.map((_, at) => (mask[Math.floor(at / 3)] === 1 ? 255 : 0)) };
  return [picture, drawn, ...[...maps.values()].map((map) => mapPicture(picture, map))];
}

/** The picture of maps side by side. */
async function writeMaps(
  { folder, maps, outside }: InterpretImagesRequest,
  rows: readonly GridRow[],
): Promise<readonly string[]> {
  if (rows.length === 0) return [];
  const board = await DrawingBoard.open();
  const titles = ['image', 'mask', ...maps, ...outside.map(({ name }) => name)];
  // Nobody misses a column of masks where there are none.
  const isShown = (column: number) => column !== 1 || rows.some((row) => row[1] !== null);
  const shown = <T>(row: readonly T[]) => row.filter((_, column) => isShown(column));
  const grid = mapGrid(shown(titles), rows.map(shown), board);
  return await writeAll(folder, new Map([['maps.png', pngOf(pictureOf(grid, board))]]));
}
