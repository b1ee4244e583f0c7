import { basename, extname } from 'node:path';
import type { ExportWriter } from '../export-writer.ts';
import { labelledIntervals } from '../labelled-intervals.ts';
import { csvLine } from './csv-line.ts';

/**
 * The columns of BORIS's aggregated events, in its order.
 *
 * @see https://www.boris.unito.it/user_guide/export_events/
 */
const COLUMNS = [
  'Observation id',
  'Observation date',
  'Description',
  'Observation type',
  'Source',
  'Time offset (s)',
  'Coding duration',
  'Media duration (s)',
  'FPS (frame/s)',
  'Subject',
  'Observation duration by subject by observation',
  'Behavior',
  'Behavioral category',
  'Modifiers',
  'Behavior type',
  'Start (s)',
  'Stop (s)',
  'Duration (s)',
  'Media file name',
  'Image index start',
  'Image index stop',
  'Image file path start',
  'Image file path stop',
  'Comment start',
  'Comment stop',
];

/** The action intervals as state events, in the table that BORIS writes and the tools around it read. */
export const borisTable: ExportWriter = {
  by: 'content',
  async *write(source, { settings, signal }) {
    const { video } = source.analysis;
    const { analysedAt, model } = await source.provenance(settings, signal);
    const intervals = await labelledIntervals(source, settings.intervals);
    const file = basename(video.path);
    const duration = video.durationSeconds.toFixed(3);
    const observation = [
      ...[basename(file, extname(file)), analysedAt.slice(0, 19).replace('T', ' ')],
      ...[`Patchlight, ${model.name}`, 'Media file', `player #1:${file}`, '0', duration, duration],
      ...[video.framesPerSecond.toFixed(3), 'No focal subject', duration],
    ];
    yield csvLine(COLUMNS);
    for (const { label, startSeconds, endSeconds, firstFrame, lastFrame, probability } of intervals) {
      const times = [startSeconds, endSeconds, endSeconds - startSeconds].map((seconds) => seconds.toFixed(3));
      const certainty = `probability ${probability.toFixed(3)}`;
      yield csvLine([
        ...[...observation, label, '', '', 'STATE', ...times, file],
        ...[firstFrame, lastFrame, '', '', certainty, ''],
      ]);
    }
  },
};
