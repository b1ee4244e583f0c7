import { ExportUnavailableError } from '#contract/errors.ts';
import type { ExportSource } from '../export-source.ts';
import type { ExportCall, ExportWriter } from '../export-writer.ts';
import { MOST_ZIP_BYTES, zipped } from '../zipped.ts';
import { resultArrays } from './result-arrays.ts';

/** Scores, kept masks and probabilities as a NumPy archive, not compressed: {@link resultArrays} says what is in it. */
export const npz: ExportWriter = {
  by: 'content',
  async *write(source: ExportSource, { settings, signal, onProgress }: ExportCall) {
    const arrays = resultArrays(source, await source.provenance(settings, signal));
    const total = arrays.reduce((sum, { bytes }) => sum + bytes, 0);
    if (total > MOST_ZIP_BYTES) {
      throw new ExportUnavailableError(`The scores of ${source.video.path} are too large for one .npz file.`, {
        hint: 'Analyse a part of the video (--span), or with a longer stride.',
      });
    }
    let done = 0;
    const entries = arrays.map(({ name, content }) => ({ name: `${name}.npy`, content }));
    for await (const chunk of zipped(entries)) {
      done += chunk.length;
      onProgress(Math.min(1, done / total));
      yield chunk;
    }
  },
};
