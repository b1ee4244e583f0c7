import { DEFAULT_VIDEO_EXPORT, type VideoFormat } from '#contract/video-export.ts';
import type { ExportWriter } from '../export-writer.ts';
import { finishedAnalysis } from './finished-analysis.ts';
import { writeAnnotatedVideo } from './write-annotated-video.ts';

/** The video with the analysis burned in. */
export function annotatedVideo(format: VideoFormat): ExportWriter {
  return {
    by: 'draft',
    async write(source, draft, { settings, signal, onProgress }) {
      const options = settings.video ?? DEFAULT_VIDEO_EXPORT;
      await writeAnnotatedVideo(source.video, finishedAnalysis(source), draft, format, options, {
        signal,
        onProgress: ({ secondsDone, secondsTotal }) => onProgress(Math.min(1, secondsDone / secondsTotal)),
      });
    },
  };
}
