import type { ClipResult } from '#contract/analysis.ts';
import type { ExportedInterval } from '#contract/exports.ts';
import { ownSpans } from '#contract/intervals.ts';
import { type Markup, markup } from '../markup.ts';
import type { ActionTotal } from './action-totals.ts';
import { shareText, timeText } from './report-text.ts';

const WIDTH = 900;
const LEFT = 130;
const LANE = 20;
const ROW = 26;
const CURVE = 44;
/** More lanes than that are not told apart; the others share the last. */
const MOST_LANES = 12;
const LETTER = 6.2;

/** A video's course: a lane for each action, where one clip and three differ, and how much was kept. */
export function timelinePicture(
  durationSeconds: number,
  clips: readonly ClipResult[],
  intervals: readonly ExportedInterval[],
  totals: readonly ActionTotal[],
): Markup {
  const end = Math.max(durationSeconds, clips.at(-1)?.endSeconds ?? 0, 0.001);
  const x = (seconds: number) => Number((LEFT + ((WIDTH - LEFT) * seconds) / end).toFixed(2));
  const lanes = totals.slice(0, MOST_LANES);
  const laneOf = new Map(totals.map(({ classIndex }, i) => [classIndex, Math.min(i, MOST_LANES - 1)]));
  const curveTop = lanes.length * ROW + LANE;
  const axis = curveTop + CURVE + 8;
  return markup`<svg class="timeline" viewBox="0 0 ${WIDTH} ${axis + 18}" role="img" aria-label="Actions and kept patches over time">
${lanes.map(
  ({ label, colour }, i) => markup`<text class="name" x="0" y="${i * ROW + 15}">${
    i === MOST_LANES - 1 && totals.length > MOST_LANES ? `${totals.length - i} others` : fitting(label)
  }</text><line class="track" x1="${LEFT}" x2="${WIDTH}" y1="${i * ROW + LANE + 2.5}" y2="${i * ROW + LANE + 2.5}"/>
${intervals.filter(({ classIndex }) => laneOf.get(classIndex) === i).map((one) => bar(one, colour, x, i * ROW))}`,
)}
${differences(clips, x, curveTop - 13)}
<text x="0" y="${curveTop + 14}">kept patches</text>
<text x="0" y="${curveTop + 28}">0 … 100 %</text>
<path class="share" d="${keptCurve(clips, x, curveTop)}"/>
<line class="axis" x1="${LEFT}" x2="${WIDTH}" y1="${axis - 8}" y2="${axis - 8}"/>
${ticks(end).map(
  (seconds) =>
    markup`<text x="${x(seconds)}" y="${axis + 8}" text-anchor="${seconds === 0 ? 'start' : 'middle'}">${timeText(seconds)}</text>`,
)}
</svg>`;
}

function bar(interval: ExportedInterval, colour: string, x: (seconds: number) => number, y: number): Markup {
  const { startSeconds, endSeconds, label, probability } = interval;
  const width = Math.max(1, x(endSeconds) - x(startSeconds)).toFixed(2);
  const title = `${label}, ${timeText(startSeconds)} – ${timeText(endSeconds)}, ${shareText(probability)}`;
  return markup`<rect class="${colour}" x="${x(startSeconds)}" y="${y}" width="${width}" height="${LANE}" rx="2"><title>${title}</title></rect>`;
}

/** Marks where the two predictions differ. */
function differences(clips: readonly ClipResult[], x: (seconds: number) => number, y: number): Markup | null {
  if (!clips.some(({ threeClip }) => threeClip !== undefined)) return null;
  const spans = ownSpans(clips);
  const marks = clips.flatMap(({ threeClip }, i) => {
    const span = spans[i];
    if (threeClip?.agrees !== false || span === undefined) return [];
    const width = Math.max(1, x(span.endSeconds) - x(span.startSeconds)).toFixed(2);
    return [markup`<rect class="differ" x="${x(span.startSeconds)}" y="${y}" width="${width}" height="5"/>`];
  });
  return markup`<text x="0" y="${y + 7}">1 ≠ 3 clips</text>${marks}`;
}

/** The share of kept patches as steps. */
function keptCurve(clips: readonly ClipResult[], x: (seconds: number) => number, top: number): string {
  const bottom = top + CURVE;
  return ownSpans(clips)
    .map(({ startSeconds, endSeconds }, i) => {
      const views = clips[i]?.views ?? [];
      const kept = views.reduce((sum, view) => sum + view.keptTokens, 0);
      const total = views.reduce((sum, view) => sum + view.totalTokens, 0);
      const y = (bottom - (CURVE * kept) / Math.max(1, total)).toFixed(2);
      return `M${x(startSeconds)} ${bottom}V${y}H${x(endSeconds)}V${bottom}Z`;
    })
    .join('');
}

/** Round moments, at most about eight. */
function ticks(end: number): number[] {
  const steps = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200];
  const step = steps.find((one) => end / one <= 8) ?? 3600 * Math.ceil(end / 3600 / 8);
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step).filter((at) => at <= end * 0.97);
}

/** The beginning of a label that fits beside its lane. */
function fitting(label: string): string {
  const letters = [...label];
  const most = Math.floor((LEFT - 8) / LETTER);
  return letters.length <= most ? label : `${letters.slice(0, most - 1).join('')}…`;
}
