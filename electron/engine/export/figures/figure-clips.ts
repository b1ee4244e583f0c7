import { scoreRange } from '#contract/overlay/score-range.ts';
import { recordedScores } from '../../store/recorded-clip.ts';
import type { ExportSource } from '../export-source.ts';
import type { FigureClip } from './figure.ts';

/** Pictures are at least so large, so that patches can be told apart. */
const LEAST_SIDE = 224;

/**
 * Clips with their pictures, in the order of time, one in memory at a time.
 *
 * @param leastSide Pixels of a picture's short side; a multiple of the model's is taken, so that patches stay even.
 * @throws like {@link ExportSource.pictures}
 */
export async function* figureClips(
  source: ExportSource,
  wanted: readonly number[],
  signal: AbortSignal,
  leastSide = LEAST_SIDE,
): AsyncGenerator<{ readonly clip: number; readonly figure: FigureClip }, void, undefined> {
  const { model, settings } = source.analysis;
  const side = model.imageSize * Math.max(1, Math.ceil(leastSide / model.imageSize));
  const pictures = source.pictures(wanted, side, signal);
  try {
    for await (const recorded of source.clips()) {
      const { index } = recorded.clip;
      if (!wanted.includes(index)) continue;
      const next = await pictures.next();
      if (next.done || next.value.clip.index !== index) throw new Error(`The pictures of clip ${index} are missing.`);
      const views = recordedScores(recorded);
      const range = scoreRange(
        settings.selector,
        views.map(({ scores }) => scores),
      );
      yield { clip: index, figure: { pictures: next.value, views, size: model, range } };
    }
    // Says what is wrong where there are fewer pictures than clips.
    await pictures.next();
  } finally {
    await pictures.return();
  }
}
