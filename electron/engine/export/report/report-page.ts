import { basename } from 'node:path';
import type { Analysis } from '#contract/analysis.ts';
import type { ExportSettings } from '#contract/export-choice.ts';
import { PROGRAM_VERSION } from '../../program-version.ts';
import type { ExportSource } from '../export-source.ts';
import { Markup, markup } from '../markup.ts';
import { REPORT_STYLE } from './report-style.ts';
import { shareText, timeText } from './report-text.ts';
import { videoSection } from './video-section.ts';

/** Pictures in a report of one video, and in one of many for each. */
const PICTURES = 12;
const PICTURES_OF_MANY = 3;

/** A video of a report: what is known of it, or why nothing is. */
export type ReportEntry =
  | {
      readonly state: 'analysed';
      readonly analysis: Analysis;
      /** Opened when its turn comes, so that not all are open at once. */
      open(): Promise<ExportSource & AsyncDisposable>;
    }
  | { readonly state: 'failed'; readonly path: string; readonly reason: string };

/**
 * A report as one HTML file: of one video, or of many with an overview in front. It loads nothing and runs nothing; a
 * content security policy in it holds the reader's browser to that.
 */
export async function* reportPage(
  entries: readonly ReportEntry[],
  settings: ExportSettings,
  signal: AbortSignal,
  onProgress: (share: number) => void,
): AsyncGenerator<string, void, undefined> {
  const [only] = entries;
  const single = entries.length === 1 && only?.state === 'analysed';
  const title = single ? basename(only.analysis.video.path) : `${entries.length} videos`;
  yield markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Patchlight ${PROGRAM_VERSION}">
<title>${title} · Patchlight</title>
<style>${new Markup(REPORT_STYLE)}</style>
</head>
<body>
<main>${single ? null : overview(entries)}`.text;
  for (const [i, entry] of entries.entries()) {
    if (entry.state === 'analysed') {
      const pictures = single ? PICTURES : PICTURES_OF_MANY;
      const options = { settings, signal, pictures, anchor: single ? null : anchorOf(i) };
      await using source = await entry.open();
      for await (const piece of videoSection(source, options)) yield piece.text;
    }
    onProgress((i + 1) / entries.length);
  }
  yield markup`
<footer>Made with Patchlight ${PROGRAM_VERSION}</footer>
</main>
</body>
</html>
`.text;
}

const anchorOf = (entry: number): string => `video-${entry + 1}`;

function overview(entries: readonly ReportEntry[]): Markup {
  const failed = entries.filter(({ state }) => state === 'failed').length;
  return markup`
<section class="overview">
<h1>${entries.length} videos</h1>
<p class="muted">${failed === 0 ? 'All of them were analysed.' : `${failed} of them could not be analysed.`}</p>
<div class="scroll"><table>
<thead><tr><th>Video</th><th class="number">Length</th><th class="number">Clips</th><th>All clips together</th><th class="number"></th><th class="number">Kept</th><th class="number">Saved</th></tr></thead>
<tbody>${entries.map((entry, i) => overviewRow(entry, anchorOf(i)))}
</tbody></table></div>
</section>`;
}

function overviewRow(entry: ReportEntry, anchor: string): Markup {
  if (entry.state === 'failed') {
    return markup`
<tr><td>${basename(entry.path)}</td><td colspan="6">${entry.reason}</td></tr>`;
  }
  const { video, clips, summary } = entry.analysis;
  const top = (summary.threeClip ?? summary.oneClip).top[0];
  const saved = summary.gmacsFull === 0 ? 0 : 1 - summary.gmacs / summary.gmacsFull;
  return markup`
<tr><td><a href="#${anchor}">${basename(video.path)}</a></td><td class="number">${timeText(video.durationSeconds)}</td><td class="number">${clips.length}</td><td>${top?.label ?? ''}</td><td class="number">${top === undefined ? '' : shareText(top.probability)}</td><td class="number">${shareText(summary.keepRatio)}</td><td class="number">${saved > 0 ? shareText(saved) : '–'}</td></tr>`;
}
