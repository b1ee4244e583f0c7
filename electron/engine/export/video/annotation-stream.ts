import { Readable } from 'node:stream';
import type { AnnotationPainter } from './annotation-painter.ts';
import type { ShownMoment } from './shown-moments.ts';
import { pictureHead, streamHead } from './timed-pictures.ts';

/** How much longer than the video the last picture stays, whatever the video's length was thought to be. */
const BEYOND_SECONDS = 36_000;

export interface AnnotationStreamOptions {
  readonly width: number;
  readonly height: number;
  /** What is added to a moment to have its time stamp. */
  readonly offsetSeconds: number;
  /** Told when drawing fails; the stream ends then. */
  readonly onFailure: (thrown: unknown) => void;
}

/** Draws the annotations as fast as they are taken, as the stream that ffmpeg reads. Destroy it to end it early. */
export function annotationStream(
  painter: AnnotationPainter,
  moments: Iterable<ShownMoment>,
  options: AnnotationStreamOptions,
): Readable {
  return Readable.from(chunks(painter, moments, options), { objectMode: true, highWaterMark: 1 });
}

async function* chunks(
  painter: AnnotationPainter,
  moments: Iterable<ShownMoment>,
  { width, height, offsetSeconds, onFailure }: AnnotationStreamOptions,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield streamHead(width, height);
    let last: { readonly seconds: number; readonly bytes: Uint8Array } | undefined;
    for (const moment of moments) {
      last = { seconds: Math.max(0, moment.seconds + offsetSeconds), bytes: (await painter.paint(moment)).bytes };
      yield pictureHead(last);
      yield last.bytes;
    }
    if (last === undefined) throw new Error('There is nothing to annotate.');
    const stays = { ...last, seconds: last.seconds + BEYOND_SECONDS };
    yield pictureHead(stays);
    yield stays.bytes;
  } catch (thrown) {
    onFailure(thrown);
  }
}
