import { basename } from 'node:path';
import type { ClipResult, Prediction, ViewResult } from '#contract/analysis.ts';
import type { ExportSource } from '../export-source.ts';
import type { ExportWriter } from '../export-writer.ts';
import { roundedSeconds, roundedShare } from '../rounded.ts';
import { csvLine } from './csv-line.ts';

const CLIP_COLUMNS = [
  'video',
  'clip',
  'view',
  'start_seconds',
  'end_seconds',
  'first_frame',
  'last_frame',
  'sampled_frames',
  'sampled_seconds',
  'origin_x',
  'origin_y',
  'kept_patches',
  'total_patches',
  'keep_ratio',
  'gmacs',
];
const CLIP_RESULT_COLUMNS = ['one_clip', 'one_clip_probability', 'three_clip', 'three_clip_probability', 'agrees'];

/** A table with a row for each clip and view. Frames are those that the model saw, counted as presented from 0. */
export const clipTable: ExportWriter = {
  by: 'content',
  async *write({ analysis }: ExportSource) {
    const ranks = Math.max(0, ...analysis.clips.flatMap(({ views }) => views.map(({ top }) => top.length)));
    const predictions = Array.from({ length: ranks }, (_, i) => [`prediction_${i + 1}`, `probability_${i + 1}`]);
    yield csvLine([...CLIP_COLUMNS, ...predictions.flat(), ...CLIP_RESULT_COLUMNS]);
    const video = basename(analysis.video.path);
    for (const clip of analysis.clips) {
      for (const view of clip.views) {
        const ranked = Array.from({ length: ranks }, (_, i) => predictionCells(view.top[i]));
        yield csvLine([video, ...viewCells(clip, view), ...ranked.flat(), ...clipCells(clip)]);
      }
    }
  },
};

function viewCells(clip: ClipResult, view: ViewResult): readonly (string | number | null)[] {
  return [
    ...[clip.index, view.crop, roundedSeconds(clip.startSeconds), roundedSeconds(clip.endSeconds)],
    ...[clip.frameIndices[0] ?? null, clip.frameIndices.at(-1) ?? null],
    ...[clip.frameIndices.join(' '), clip.frameSeconds.map(roundedSeconds).join(' ')],
    ...view.origin,
    ...[view.keptTokens, view.totalTokens, roundedShare(view.keptTokens / view.totalTokens), view.gmacs],
  ];
}

function clipCells({ oneClip, threeClip }: ClipResult): readonly (string | number | null)[] {
  const agrees = threeClip === undefined ? null : threeClip.agrees ? 'yes' : 'no';
  return [...predictionCells(oneClip.top[0]), ...predictionCells(threeClip?.top[0]), agrees];
}

function predictionCells(prediction: Prediction | undefined): readonly [string | null, number | null] {
  return prediction === undefined ? [null, null] : [prediction.label, roundedShare(prediction.probability)];
}
