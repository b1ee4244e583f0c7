import type { Analysis, ClipResult, Prediction } from '#contract/analysis.ts';
import type { Provenance } from '#contract/exports.ts';
import { type Markup, markup } from '../markup.ts';
import type { ActionTotal } from './action-totals.ts';
import { shareText, shortNumber, timeText } from './report-text.ts';

/** What each action adds up to. */
export function actionTable(totals: readonly ActionTotal[], durationSeconds: number): Markup {
  if (totals.length === 0) return markup`<p class="muted">No action is certain enough to be told.</p>`;
  return markup`<div class="scroll"><table>
<thead><tr><th>Action</th><th class="number">Time</th><th class="number">Share</th><th class="number">Intervals</th><th class="number">Probability</th></tr></thead>
<tbody>${totals.map(
    ({ label, colour, seconds, intervals, probability }) => markup`
<tr><td><span class="swatch ${colour}"></span>${label}</td><td class="number">${timeText(seconds)}</td><td class="number">${shareText(seconds / durationSeconds)}</td><td class="number">${intervals}</td><td class="number">${shareText(probability)}</td></tr>`,
  )}
</tbody></table></div>`;
}

/** Every clip: what was kept, and what one clip says beside what three say. */
export function clipsTable({ clips, summary }: Analysis): Markup {
  const three = summary.threeClip !== undefined;
  return markup`<div class="scroll"><table>
<caption>One clip is the centre crop alone${three ? ', three clips the average over left, centre and right' : ''}.</caption>
<thead><tr><th>Time</th><th class="number">Frames</th><th class="number">Kept</th><th class="number">GMACs</th><th>One clip</th><th class="number"></th>${
    three ? markup`<th>Three clips</th><th class="number"></th>` : null
  }</tr></thead>
<tbody>${clips.map((clip) => clipRow(clip, three))}
</tbody>
<tbody><tr><th>All</th><th></th><th class="number">${shareText(summary.keepRatio)}</th><th class="number">${shortNumber(summary.gmacs)}</th>${predictionCells(summary.oneClip.top[0], three ? (summary.threeClip?.top[0] ?? null) : undefined)}</tr></tbody>
</table></div>`;
}

function clipRow(clip: ClipResult, three: boolean): Markup {
  const kept = clip.views.reduce((sum, view) => sum + view.keptTokens, 0);
  const total = clip.views.reduce((sum, view) => sum + view.totalTokens, 0);
  const gmacs = clip.views.reduce((sum, view) => sum + view.gmacs, 0);
  const differs = clip.threeClip?.agrees === false;
  const cells = predictionCells(clip.oneClip.top[0], three ? (clip.threeClip?.top[0] ?? null) : undefined, differs);
  return markup`
<tr${differs ? markup` class="differs"` : null}><td>${timeText(clip.startSeconds)} – ${timeText(clip.endSeconds)}</td><td class="number">${clip.frameIndices[0] ?? ''} – ${clip.frameIndices.at(-1) ?? ''}</td><td class="number">${shareText(kept / total)}</td><td class="number">${shortNumber(gmacs)}</td>${cells}</tr>`;
}

/** @param three Undefined where there is no such column. */
function predictionCells(one: Prediction | undefined, three: Prediction | null | undefined, differs = false): Markup {
  const cells = (prediction: Prediction | null | undefined, mark: string) =>
    markup`<td>${mark}${prediction?.label ?? ''}</td><td class="number">${prediction ? shareText(prediction.probability) : ''}</td>`;
  return markup`${cells(one, '')}${three === undefined ? null : cells(three, differs ? '≠ ' : '')}`;
}

/** Where everything comes from. */
export function provenanceList(provenance: Provenance, video: Analysis['video']): Markup {
  const { program, analysedAt, source, model, device, settings, intervals } = provenance;
  const { smoothing, minimumProbability, basis } = intervals;
  const rows: readonly (readonly [string, string])[] = [
    ['Program', `${program.name} ${program.version}`],
    ['Analysed', analysedAt],
    ['File', `${source.name}, ${source.bytes} bytes`],
    ['SHA-256 of the file', source.sha256],
    ['Video', `${video.codec}, ${video.width}×${video.height}, ${shortNumber(video.framesPerSecond)} frames/s`],
    ['Model', `${model.name} (${model.title})`],
    ['Licence of the model', [model.licence.name, model.licence.source].filter((part) => part !== null).join(', ')],
    ['SHA-256 of the weights', model.weights.sha256],
    ['Device', `${device.used}, ${device.precision}`],
    ['Patches chosen by', ruleText(settings)],
    ['Views, stride', `${settings.views}, ${shortNumber(settings.strideSeconds)} s`],
    [
      'Intervals',
      `${basis === 'oneClip' ? 'one clip' : 'three clips'}, ${smoothing.kind === 'none' ? 'not smoothed' : `${smoothing.kind} of ${smoothing.clips} clips`}, at least ${shareText(minimumProbability)}`,
    ],
  ];
  return markup`<dl class="provenance">${rows.map(([name, value]) => markup`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;
}

function ruleText({ selector, threshold, keep, seed }: Analysis['settings']): string {
  const rule = threshold !== null ? `, threshold ${threshold}` : keep !== null ? `, keep ${keep}` : '';
  return `${selector}${rule}${seed === null ? '' : `, seed ${seed}`}`;
}
