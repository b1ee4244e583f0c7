import { Buffer } from 'node:buffer';
import type { ExportedInterval } from '#contract/exports.ts';
import type { ExportSource } from '../export-source.ts';
import { figureOf } from '../figures/figure.ts';
import { figureClips } from '../figures/figure-clips.ts';
import { type Markup, markup } from '../markup.ts';
import { shareText, timeText } from './report-text.ts';

/** A report is to be read and mailed: so many clips are shown, and so many frames of each. */
const MOST_FRAMES = 5;
const SIDE = 112;

/** A clip to be shown, and the interval that it stands for. */
interface Shown {
  readonly clip: number;
  readonly interval: ExportedInterval;
}

/** Pictures of the clips in the middle of the longest intervals, in the order of time. */
export async function* reportPictures(
  source: ExportSource,
  intervals: readonly ExportedInterval[],
  most: number,
  signal: AbortSignal,
): AsyncGenerator<Markup, void, undefined> {
  const shown = chosenClips(source, intervals, most);
  const { numFrames } = source.analysis.model;
  const count = Math.min(MOST_FRAMES, numFrames);
  const frames = Array.from({ length: count }, (_, i) => Math.floor(((i + 0.5) * numFrames) / count));
  const byClip = new Map(shown.map(({ clip, interval }) => [clip, interval]));
  for await (const { clip, figure } of figureClips(source, [...byClip.keys()], signal, SIDE)) {
    const interval = byClip.get(clip);
    if (interval === undefined) continue;
    const canvas = figureOf(figure, frames);
    const data = Buffer.from(canvas.png()).toString('base64');
    const { label, startSeconds, endSeconds, probability } = interval;
    const kept = figure.views.reduce((sum, view) => sum + view.kept.length, 0);
    const total = figure.views.reduce((sum, view) => sum + view.scores.length, 0);
    yield markup`
<figure><img width="${canvas.width}" height="${canvas.height}" src="data:image/png;base64,${data}" alt="${label}: frames, kept patches and heat maps">
<figcaption><strong>${label}</strong>, ${timeText(startSeconds)} – ${timeText(endSeconds)}, ${shareText(probability)}. Clip ${clip + 1}, ${shareText(kept / total)} of its patches kept.</figcaption></figure>`;
  }
}

function chosenClips(source: ExportSource, intervals: readonly ExportedInterval[], most: number): Shown[] {
  const longest = [...intervals].sort((a, b) => b.endSeconds - b.startSeconds - (a.endSeconds - a.startSeconds));
  const indices = source.analysis.clips.map(({ index }) => index);
  const chosen = longest.slice(0, most).map((interval) => {
    const inside = indices.filter((index) => index >= interval.firstClip && index <= interval.lastClip);
    return { clip: inside[Math.floor(inside.length / 2)] ?? interval.firstClip, interval };
  });
  return chosen.sort((a, b) => a.clip - b.clip);
}
