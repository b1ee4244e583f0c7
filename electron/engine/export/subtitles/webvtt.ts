import type { ExportWriter } from '../export-writer.ts';
import { labelledIntervals } from '../labelled-intervals.ts';
import { cuesOf, cueTime, oneLine } from './cues.ts';

/**
 * The action intervals as WebVTT.
 *
 * @see https://www.w3.org/TR/webvtt1/
 */
export const webvtt: ExportWriter = {
  by: 'content',
  async *write(source, { settings, signal }) {
    const { program, model, source: file } = await source.provenance(settings, signal);
    const facts = `${program.name} ${program.version}, ${model.name} (${model.licence.name}), ${file.name}`;
    yield `WEBVTT\n\nNOTE ${escaped(oneLine(facts))}\n`;
    const intervals = await labelledIntervals(source, settings.intervals);
    for (const [i, { startMs, endMs, text }] of cuesOf(intervals).entries()) {
      yield `\n${i + 1}\n${cueTime(startMs, '.')} --> ${cueTime(endMs, '.')}\n${escaped(text)}\n`;
    }
  },
};

/** Cue text has tags and entities, and an arrow would be taken for times. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
