import type { ExportWriter } from '../export-writer.ts';
import { reportPage } from './report-page.ts';

/** A report of one video. */
export const videoReport: ExportWriter = {
  by: 'content',
  write(source, { settings, signal, onProgress }) {
    // Whoever gave the source closes it.
    const open = async () => ({ ...source, async [Symbol.asyncDispose]() {} });
    return reportPage([{ state: 'analysed', analysis: source.analysis, open }], settings, signal, onProgress);
  },
};
