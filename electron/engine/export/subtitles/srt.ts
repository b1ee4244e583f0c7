import type { ExportWriter } from '../export-writer.ts';
import { labelledIntervals } from '../labelled-intervals.ts';
import { cuesOf, cueTime } from './cues.ts';

/** The action intervals as SubRip subtitles, which every player reads. */
export const srt: ExportWriter = {
  by: 'content',
  async *write(source, { settings }) {
    const intervals = await labelledIntervals(source, settings.intervals);
    for (const [i, { startMs, endMs, text }] of cuesOf(intervals).entries()) {
      yield `${i === 0 ? '' : '\n'}${i + 1}\n${cueTime(startMs, ',')} --> ${cueTime(endMs, ',')}\n${plain(text)}\n`;
    }
  },
};

/** There is no way to escape anything: what players would take for times or tags is drawn with other characters. */
function plain(text: string): string {
  return text
    .replaceAll('-->', '→')
    .replaceAll('<', '‹')
    .replaceAll('>', '›')
    .replaceAll('{', '(')
    .replaceAll('}', ')');
}
