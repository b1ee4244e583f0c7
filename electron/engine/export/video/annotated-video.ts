import type { ClipResult } from '#contract/analysis.ts';
import { DEFAULT_VIDEO_EXPORT, type VideoFormat } from '#contract/video-export.ts';
import { recordedScores } from '../../store/recorded-clip.ts';
import type { ExportSource } from '../export-source.ts';
import type { ExportWriter } from '../export-writer.ts';
import type { FinishedAnalysis } from './finished-analysis.ts';
import { writeAnnotatedVideo } from './write-annotated-video.ts';

/** The video with the analysis burned in. */
export function annotatedVideo(format: VideoFormat): ExportWriter {
  return {
    by: 'draft',
    async write(source, draft, { settings, signal, onProgress }) {
      const options = settings.video ?? DEFAULT_VIDEO_EXPORT;
      await writeAnnotatedVideo(source.video, finished(source), draft, format, options, {
        signal,
        onProgress: ({ secondsDone, secondsTotal }) => onProgress(Math.min(1, secondsDone / secondsTotal)),
      });
    },
  };
}

/** Clips are asked for in the order of time, so one at a time is read. */
function finished(source: ExportSource): FinishedAnalysis {
  let reading = source.clips();
  let last = -1;
  return {
    ...source.analysis,
    async scores({ index }: ClipResult) {
      if (index <= last) reading = source.clips();
      last = index;
      for (let next = await reading.next(); !next.done; next = await reading.next()) {
        if (next.value.clip.index === index) return recordedScores(next.value);
      }
      throw new RangeError(`clip ${index} has no scores`);
    },
  };
}
