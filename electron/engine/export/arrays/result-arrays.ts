import type { Provenance } from '#contract/exports.ts';
import type { RecordedClip } from '../../store/recorded-clip.ts';
import type { ExportSource } from '../export-source.ts';
import { npyHeader, npyNumbers, npyTexts } from './npy.ts';

/** An array that becomes `name`.npy. */
export interface NamedArray {
  readonly name: string;
  /** Of the elements. */
  readonly bytes: number;
  content(): AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
}

/**
 * Everything that a result holds in numbers:
 *
 * - `scores` f4 and `kept` bool, `[clips, views, rows, columns, frames]` of patches
 * - `probabilities` f4, `[clips, views, classes]`; `labels` `[classes]`
 * - `views` names, `[views]`; `origins` i4, `[clips, views, 2]`, x and y of the crops in the scaled frame; `frame_size` i4, `[2]`
 * - `clips` i4, `[clips]`; `start_seconds`, `end_seconds` f8, `[clips]`
 * - `frame_indices` i4 and `frame_seconds` f8, `[clips, frames]`
 * - `provenance`, JSON, `[]`
 */
export function resultArrays(source: ExportSource, provenance: Provenance): NamedArray[] {
  const { clips, model, settings } = source.analysis;
  const grid = model.imageSize / model.patchSize;
  const views = settings.views;
  const patches = [clips.length, views, grid, grid, model.numFrames];

  /** An array that is made of one piece of every clip. */
  const ofClips = (
    name: string,
    type: '|b1' | '<f4',
    shape: readonly number[],
    piece: (clip: RecordedClip) => ArrayLike<number>,
  ): NamedArray => ({
    name,
    bytes: shape.reduce((product, size) => product * size, Number(type.at(-1))),
    async *content() {
      yield npyHeader(type, shape);
      for await (const clip of source.clips()) yield npyNumbers(type, piece(clip));
    },
  });

  const first = clips[0];
  return [
    ofClips('scores', '<f4', patches, (clip) => joined(clip.views.map(({ scores }) => scores))),
    ofClips('kept', '|b1', patches, keptTokens),
    ofClips('probabilities', '<f4', [clips.length, views, source.labels.length], (clip) => clip.probabilities),
    texts('labels', source.labels),
    texts('views', first?.views.map(({ crop }) => crop) ?? []),
    ofClips32(
      'origins',
      [clips.length, views, 2],
      clips.flatMap((clip) => clip.views.flatMap(({ origin }) => origin)),
    ),
    ofClips32(
      'clips',
      [clips.length],
      clips.map(({ index }) => index),
    ),
    ofClips64(
      'start_seconds',
      [clips.length],
      clips.map(({ startSeconds }) => startSeconds),
    ),
    ofClips64(
      'end_seconds',
      [clips.length],
      clips.map(({ endSeconds }) => endSeconds),
    ),
    ofClips32(
      'frame_indices',
      [clips.length, model.numFrames],
      clips.flatMap(({ frameIndices }) => frameIndices),
    ),
    ofClips64(
      'frame_seconds',
      [clips.length, model.numFrames],
      clips.flatMap(({ frameSeconds }) => frameSeconds),
    ),
    frameSize(source),
    scalar('provenance', JSON.stringify(provenance)),
  ];
}

const ofClips32 = (name: string, shape: readonly number[], numbers: readonly number[]) =>
  fixed(name, npyHeader('<i4', shape), npyNumbers('<i4', numbers));

const ofClips64 = (name: string, shape: readonly number[], numbers: readonly number[]) =>
  fixed(name, npyHeader('<f8', shape), npyNumbers('<f8', numbers));

function texts(name: string, all: readonly string[]): NamedArray {
  const { type, bytes } = npyTexts(all);
  return fixed(name, npyHeader(type, [all.length]), bytes);
}

function scalar(name: string, text: string): NamedArray {
  const { type, bytes } = npyTexts([text]);
  return fixed(name, npyHeader(type, []), bytes);
}

function fixed(name: string, header: Uint8Array, bytes: Uint8Array): NamedArray {
  return { name, bytes: bytes.length, content: () => [header, bytes] };
}

/** Of the scaled frame that origins refer to; the same for all clips. */
function frameSize(source: ExportSource): NamedArray {
  return {
    name: 'frame_size',
    bytes: 8,
    async *content() {
      yield npyHeader('<i4', [2]);
      for await (const { frameSize } of source.clips()) {
        yield npyNumbers('<i4', frameSize);
        return;
      }
    },
  };
}

function joined(arrays: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(arrays.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const array of arrays) {
    all.set(array, at);
    at += array.length;
  }
  return all;
}

/** `[views, tokens]` of 0 and 1. */
function keptTokens({ views }: RecordedClip): Uint8Array {
  const masks = views.map(({ scores, kept }) =>
    Uint8Array.from(scores, (_, token) => ((kept[token >> 3] ?? 0) >> (token & 7)) & 1),
  );
  return Uint8Array.from(masks.flatMap((mask) => [...mask]));
}
