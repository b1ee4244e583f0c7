import { UsageError } from '#contract/errors.ts';
import type { ExportKind } from '#contract/export-choice.ts';
import type { ExportFormat } from '#contract/exports.ts';
import { analysisJson } from './analysis-json.ts';
import { npz } from './arrays/npz.ts';
import { eaf } from './elan/eaf.ts';
import type { ExportWriter } from './export-writer.ts';
import { clipFigures } from './figures/clip-figures.ts';
import { videoReport } from './report/video-report.ts';
import { srt } from './subtitles/srt.ts';
import { webvtt } from './subtitles/webvtt.ts';
import { borisTable } from './tables/boris-table.ts';
import { clipTable } from './tables/clip-table.ts';
import { annotatedVideo } from './video/annotated-video.ts';

type Definition = Omit<ExportFormat, 'kind' | 'files' | 'pattern'> & { readonly writer: ExportWriter };

/** All kinds of exports. A new one is a line here and a kind in the contract. */
const table: Readonly<Record<ExportKind, Definition>> = {
  report: {
    title: 'Report (HTML)',
    description: 'Timeline, pictures, tables and cost on one page that needs nothing else, for reading and printing.',
    group: 'reading',
    suffixes: ['.report.html', '.html'],
    writer: videoReport,
  },
  csv: {
    title: 'Table (CSV)',
    description: 'A row for each clip and view, with seconds and frame numbers.',
    group: 'data',
    suffixes: ['.csv'],
    writer: clipTable,
  },
  json: {
    title: 'Data (JSON)',
    description: 'Everything but scores and masks, with all probabilities and where they come from.',
    group: 'data',
    suffixes: ['.json'],
    writer: analysisJson,
  },
  npz: {
    title: 'Arrays (NumPy)',
    description: 'Scores, kept patches and probabilities for numpy.load.',
    group: 'data',
    suffixes: ['.npz'],
    writer: npz,
  },
  webvtt: {
    title: 'Subtitles (WebVTT)',
    description: 'The actions as subtitles, for browsers.',
    group: 'reading',
    suffixes: ['.vtt'],
    writer: webvtt,
  },
  srt: {
    title: 'Subtitles (SubRip)',
    description: 'The actions as subtitles, for players.',
    group: 'reading',
    suffixes: ['.srt'],
    writer: srt,
  },
  elan: {
    title: 'ELAN document',
    description: 'The actions as annotations, linked with the video.',
    group: 'data',
    suffixes: ['.eaf'],
    writer: eaf,
  },
  boris: {
    title: 'Events for BORIS (CSV)',
    description: 'The actions as state events, in the columns of BORIS’s aggregated events.',
    group: 'data',
    suffixes: ['.boris.csv'],
    writer: borisTable,
  },
  figures: {
    title: 'Figures (PNG)',
    description: 'A picture for each clip: its frames, the kept patches, the heat maps.',
    group: 'reading',
    suffixes: ['.png'],
    writer: clipFigures,
  },
  mp4: {
    title: 'Annotated video (MP4)',
    description: 'The video with the analysis drawn onto it, and its own sound; H.264 plays everywhere.',
    group: 'video',
    suffixes: ['.annotated.mp4', '.mp4'],
    writer: annotatedVideo('mp4'),
  },
  webm: {
    title: 'Annotated video (WebM)',
    description: 'The same with VP9 and Opus, for web pages; takes longer.',
    group: 'video',
    suffixes: ['.annotated.webm', '.webm'],
    writer: annotatedVideo('webm'),
  },
  gif: {
    title: 'Annotated pictures (GIF)',
    description: 'The same without sound, for a few seconds of small video.',
    group: 'video',
    suffixes: ['.annotated.gif', '.gif'],
    writer: annotatedVideo('gif'),
  },
};

export const EXPORT_FORMATS: readonly ExportFormat[] = Object.entries(table).map(
  ([kind, { title, description, group, suffixes, writer }]) => {
    const files = writer.by === 'clips' ? 'each-clip' : 'one';
    const pattern = files === 'one' ? `{name}${suffixes[0]}` : `{name}.{clip}${suffixes[0]}`;
    return { kind: kind as ExportKind, title, description, group, suffixes, files, pattern };
  },
);

export function groupOf(kind: ExportKind): ExportFormat['group'] {
  return table[kind].group;
}

export function writerOf(kind: ExportKind): ExportWriter {
  return table[kind].writer;
}

/** The kind of file that a name stands for, by the longest suffix that fits. @throws UsageError */
export function formatOfName(name: string): ExportFormat {
  const fitting = EXPORT_FORMATS.flatMap((format) =>
    format.suffixes.filter((suffix) => name.toLowerCase().endsWith(suffix)).map((suffix) => ({ format, suffix })),
  ).sort((a, b) => b.suffix.length - a.suffix.length)[0];
  if (fitting !== undefined) return fitting.format;
  const all = EXPORT_FORMATS.flatMap(({ suffixes }) => suffixes);
  throw new UsageError(`Nothing can be exported as ${name}.`, { hint: `Names end in one of ${all.join(', ')}.` });
}
