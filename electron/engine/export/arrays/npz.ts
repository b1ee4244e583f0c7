import { Zip, ZipPassThrough } from 'fflate';
import { ExportUnavailableError } from '#contract/errors.ts';
import type { ExportSource } from '../export-source.ts';
import type { ExportCall, ExportWriter } from '../export-writer.ts';
import { type NamedArray, resultArrays } from './result-arrays.ts';

/** Beyond it a zip archive needs extensions that not every reader knows. */
const MOST_BYTES = 2 ** 32 - 2 ** 20;

/** Scores, kept masks and probabilities as a NumPy archive, not compressed: {@link resultArrays} says what is in it. */
export const npz: ExportWriter = {
  by: 'content',
  async *write(source: ExportSource, { settings, signal, onProgress }: ExportCall) {
    const arrays = resultArrays(source, await source.provenance(settings, signal));
    const total = arrays.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total > MOST_BYTES) {
      throw new ExportUnavailableError(`The scores of ${source.video.path} are too large for one .npz file.`, {
        hint: 'Analyse a part of the video (--span), or with a longer stride.',
      });
    }
    let done = 0;
    for await (const chunk of zipped(arrays)) {
      done += chunk.length;
      onProgress(Math.min(1, done / total));
      yield chunk;
    }
  },
};

async function* zipped(arrays: readonly NamedArray[]): AsyncGenerator<Uint8Array, void, undefined> {
  const ready: Uint8Array[] = [];
  const zip = new Zip((error, chunk) => {
    if (error) throw error;
    ready.push(chunk);
  });
  for (const { name, content } of arrays) {
    const entry = new ZipPassThrough(`${name}.npy`);
    // The same results give the same bytes, whenever they are written.
    entry.mtime = new Date(1980, 0, 1);
    zip.add(entry);
    for await (const chunk of content()) {
      entry.push(chunk);
      yield* ready.splice(0);
    }
    entry.push(new Uint8Array(0), true);
    yield* ready.splice(0);
  }
  zip.end();
  yield* ready.splice(0);
}
