import { basename } from 'node:path';
import type { Analysis } from '#contract/analysis.ts';
import type { ExportSettings } from '#contract/export-choice.ts';
import type { ExportSource } from '../export-source.ts';
import { labelledIntervals } from '../labelled-intervals.ts';
import { type Markup, markup } from '../markup.ts';
import { actionTotals } from './action-totals.ts';
import { reportPictures } from './report-pictures.ts';
import { actionTable, clipsTable, provenanceList } from './report-tables.ts';
import { shareText, shortNumber, timeText } from './report-text.ts';
import { timelinePicture } from './timeline-picture.ts';

export interface SectionOptions {
  readonly settings: ExportSettings;
  readonly signal: AbortSignal;
  /** Clips that are shown in pictures. */
  readonly pictures: number;
  /** The name by which the overview links to it; null when the page is about this video alone. */
  readonly anchor: string | null;
}

/** Everything that a report says of one video, piece by piece. */
export async function* videoSection(
  source: ExportSource,
  { settings, signal, pictures, anchor }: SectionOptions,
): AsyncGenerator<Markup, void, undefined> {
  const { analysis } = source;
  const { video, clips, model } = analysis;
  const name = basename(video.path);
  const intervals = await labelledIntervals(source, settings.intervals);
  const totals = actionTotals(intervals);
  const facts = `${video.width}×${video.height} · ${shortNumber(video.framesPerSecond)} frames/s · ${timeText(video.durationSeconds)} · ${model.name}`;
  yield markup`
<section class="video"${anchor === null ? null : markup` id="${anchor}"`}>
${anchor === null ? markup`<h1>${name}</h1>` : markup`<h2>${name}</h2>`}
<p class="muted">${facts}</p>${
    model.trained
      ? null
      : markup`<p class="note">This model is untrained: its weights are random, its predictions mean nothing.</p>`
  }${video.warnings.map(({ message }) => markup`<p class="note">${message}</p>`)}
${keyFigures(analysis)}
<h3>Timeline</h3>
${timelinePicture(video.durationSeconds, clips, intervals, totals)}
<h3>Actions</h3>
${actionTable(totals, video.durationSeconds)}`;
  if (intervals.length > 0 && pictures > 0) {
    yield markup`
<h3>Pictures</h3>
<p class="muted">From top to bottom: frames that the model saw, the patches that it kept, and its scores (dark low, light high).</p>
<div class="pictures">`;
    yield* reportPictures(source, intervals, pictures, signal);
    yield markup`</div>`;
  }
  yield markup`
<h3>Clips</h3>
${clipsTable(analysis)}
<h3>Where this comes from</h3>
${provenanceList(await source.provenance(settings, signal), video)}
</section>`;
}

function keyFigures({ summary, clips, settings, timing }: Analysis): Markup {
  const { keepRatio, gmacs, gmacsFull, oneClip, threeClip } = summary;
  const top = (threeClip ?? oneClip).top[0];
  const views = Math.max(1, clips.length * settings.views);
  const saved = gmacsFull === 0 ? 0 : 1 - gmacs / gmacsFull;
  const disagreeing = clips.filter((clip) => clip.threeClip?.agrees === false).length;
  const agreement = `one and three clips differ in ${disagreeing} of ${clips.length}`;
  const figures: readonly (readonly [string, string, string])[] = [
    ['All clips together', top?.label ?? '–', top === undefined ? '' : shareText(top.probability)],
    ['Patches kept', shareText(keepRatio), `${shortNumber(timing.viewsPerSecond)} views/s`],
    [
      'Computation saved',
      saved > 0 ? shareText(saved) : 'nothing',
      `${shortNumber(gmacs / views)} instead of ${shortNumber(gmacsFull / views)} GMACs a view`,
    ],
    ['Clips', String(clips.length), threeClip === undefined ? 'one view each' : agreement],
  ];
  return markup`<dl class="figures">${figures.map(
    ([name, value, detail]) =>
      markup`<div><dt>${name}</dt><dd>${value}<span class="detail">${detail}</span></dd></div>`,
  )}</dl>`;
}
