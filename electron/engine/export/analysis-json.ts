import type { ExportWriter } from './export-writer.ts';
import { labelledIntervals } from './labelled-intervals.ts';
import { roundedShare } from './rounded.ts';

/** Everything that is known of an analysis but scores and masks, with its provenance: {@link exportedAnalysisSchema}. */
export const analysisJson: ExportWriter = {
  by: 'content',
  async *write(source, { settings, signal }) {
    const { clips: _, ...analysis } = source.analysis;
    const head = {
      format: 'patchlight-analysis',
      formatVersion: 1,
      provenance: await source.provenance(settings, signal),
      labels: source.labels,
      intervals: await labelledIntervals(source, settings.intervals),
      analysis,
    };
    // The clips are most of it: they are written one at a time.
    yield `${JSON.stringify(head, null, 2).slice(0, -2)},\n  "clips": [`;
    let separator = '\n';
    for await (const { clip, probabilities } of source.clips()) {
      const classes = source.labels.length;
      const rows = clip.views.map((_, view) =>
        Array.from(probabilities.subarray(view * classes, (view + 1) * classes), roundedShare),
      );
      yield `${separator}    ${JSON.stringify({ ...clip, probabilities: rows })}`;
      separator = ',\n';
    }
    yield '\n  ]\n}\n';
  },
};
