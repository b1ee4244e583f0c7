import type { ExportedInterval } from '#contract/exports.ts';

/** One subtitle. Times are whole milliseconds. */
export interface Cue {
  readonly startMs: number;
  readonly endMs: number;
  /** One line. */
  readonly text: string;
}

/** Intervals as subtitles: the action and how sure the model is. None is empty, and none overlaps the one before it. */
export function cuesOf(intervals: readonly ExportedInterval[]): Cue[] {
  const cues: Cue[] = [];
  for (const { startSeconds, endSeconds, label, probability } of intervals) {
    const startMs = Math.max(Math.round(1000 * startSeconds), cues.at(-1)?.endMs ?? 0);
    const endMs = Math.max(Math.round(1000 * endSeconds), startMs + 1);
    cues.push({ startMs, endMs, text: `${oneLine(label)} ${Math.round(100 * probability)} %` });
  }
  return cues;
}

/** `hours:minutes:seconds`, at least two digits each, and milliseconds behind `mark`. */
export function cueTime(milliseconds: number, mark: '.' | ','): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const seconds = milliseconds / 1000;
  const clock = `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${clock}${mark}${String(milliseconds % 1000).padStart(3, '0')}`;
}

/** `text` without line ends and control characters, which end a cue or mean nothing in it. */
export function oneLine(text: string): string {
  return text
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
    .toWellFormed();
}
