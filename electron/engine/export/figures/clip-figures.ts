import type { ExportWriter } from '../export-writer.ts';
import { figureOf } from './figure.ts';
import { figureClips } from './figure-clips.ts';

/** A picture for each clip: its sampled frames from left to right; below them the kept patches, then the heat maps. */
export const clipFigures: ExportWriter = {
  by: 'clips',
  async *write(source, clips, { signal, onProgress }) {
    let done = 0;
    for await (const { clip, figure } of figureClips(source, clips, signal)) {
      const frames = Array.from({ length: source.analysis.model.numFrames }, (_, frame) => frame);
      yield { clip, content: figureOf(figure, frames).png() };
      done += 1;
      onProgress(done / clips.length);
    }
  },
};
