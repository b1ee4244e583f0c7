import { basename } from 'node:path';
import type { Analysis, ClipResult, Prediction } from '#contract/analysis.ts';
import { formatCount, formatDuration, formatGmacs, formatShare, formatTime } from '../terminal/format.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints an analysis for people: the clips, what they add up to, and what the selection saved. */
export function printAnalysis(terminal: Terminal, analysis: Analysis): void {
  const { video, model, device, summary } = analysis;
  const bold = (text: string) => terminal.style('bold', text);
  const dim = (text: string) => terminal.style('dim', text);
  const facts = [
    `${video.width}×${video.height}`,
    `${round(video.framesPerSecond)} frames/s`,
    formatDuration(video.durationSeconds),
  ];
  terminal.print(`${bold(basename(video.path))}  ${dim(facts.join(' · '))}`);
  const { name, attention, numFrames, samplingRate } = model;
  const how = [attention.replaceAll('_', ' '), `${numFrames}×${samplingRate}`, `${device.used} ${device.precision}`];
  terminal.print(`${name}  ${dim(how.join(' · '))}`);
  if (!model.trained) {
    terminal.print(
      terminal.style('yellow', 'This model is untrained: its weights are random, its predictions mean nothing.'),
    );
  }
  terminal.print();

  const three = summary.threeClip !== undefined;
  printTable(
    terminal,
    clipColumns(three),
    analysis.clips.map((clip) => clipRow(clip, terminal)),
  );
  terminal.print();
  if (analysis.clips.length > 1 || summary.oneClip.top.length > 1) {
    printTable(terminal, summaryColumns(three), summaryRows(analysis.summary));
    terminal.print();
  }
  for (const line of savedLines(analysis)) terminal.print(line);
}

function printTable(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  const [head = '', ...body] = tableLines(columns, rows);
  terminal.print(terminal.style('dim', head));
  for (const line of body) terminal.print(line);
}

const NUMBER = { align: 'right' } as const;

function clipColumns(three: boolean): readonly Column[] {
  const columns = [{ title: 'time' }, { title: 'kept', ...NUMBER }, { title: 'one clip' }, { title: '', ...NUMBER }];
  return three ? [...columns, { title: 'three clips' }, { title: '', ...NUMBER }, { title: '' }] : columns;
}

function clipRow(clip: ClipResult, terminal: Terminal): readonly string[] {
  const kept = clip.views.reduce((sum, view) => sum + view.keptTokens, 0);
  const total = clip.views.reduce((sum, view) => sum + view.totalTokens, 0);
  const time = `${formatTime(clip.startSeconds)} – ${formatTime(clip.endSeconds)}`;
  const row = [time, formatShare(kept / total), ...cells(clip.oneClip.top[0])];
  if (clip.threeClip === undefined) return row;
  const differs = clip.threeClip.agrees ? '' : terminal.style('yellow', '≠ differ');
  return [...row, ...cells(clip.threeClip.top[0]), differs];
}

function summaryColumns(three: boolean): readonly Column[] {
  const columns = [{ title: 'all clips', ...NUMBER }, { title: 'one clip' }, { title: '', ...NUMBER }];
  return three ? [...columns, { title: 'three clips' }, { title: '', ...NUMBER }] : columns;
}

function summaryRows({ oneClip, threeClip }: Analysis['summary']): readonly (readonly string[])[] {
  return oneClip.top.map((prediction, rank) => {
    const row = [`${rank + 1}`, ...cells(prediction)];
    return threeClip === undefined ? row : [...row, ...cells(threeClip.top[rank])];
  });
}

function cells(prediction: Prediction | undefined): readonly [string, string] {
  return prediction === undefined ? ['', ''] : [prediction.label, formatShare(prediction.probability)];
}

function savedLines({ summary, timing, clips, settings }: Analysis): readonly string[] {
  const { keepRatio, gmacs, gmacsFull } = summary;
  const views = clips.length * settings.views;
  const saved = gmacsFull === 0 ? 0 : 1 - gmacs / gmacsFull;
  const cost = `${formatGmacs(gmacs / views)} instead of ${formatGmacs(gmacsFull / views)} GMACs a view`;
  return [
    `kept ${formatShare(keepRatio)} of the patches (${ruleText(settings)}); ${cost}: ${savedText(saved)}`,
    `${formatCount(views, 'view')} in ${formatDuration(timing.wallMs / 1000)}, ${round(timing.viewsPerSecond)} views/s; first result after ${formatDuration(timing.firstResultMs / 1000)}`,
  ];
}

function savedText(saved: number): string {
  return saved >= 0 ? `${formatShare(saved)} of the computation saved` : 'nothing saved';
}

function ruleText({ selector, threshold, keep }: Analysis['settings']): string {
  if (threshold !== null) return `${selector}, threshold ${threshold}`;
  return keep === null ? selector : `${selector}, keep ${keep}`;
}

function round(value: number): string {
  return String(Number(value.toPrecision(3)));
}
