import type { Fetched, Manifest, Selection } from './manifest.ts';
import { expectedParameters } from './parameters.ts';
import { resizeInWords } from './preparation.ts';

/**
 * `CARD.md` of a bundle: what a person wants to know before using the model.
 *
 * @param notes Paragraphs about where it comes from.
 */
export function bundleCard(manifest: Manifest, notes: readonly string[]): string {
  const { architecture, title, trained, licence, name } = manifest;
  const rows = [
    ['name', `\`${name}\``],
    ['architecture', architecture.kind === 'timesformer' ? `TimeSformer, ${architecture.attention}` : 'DeiT'],
    ...(architecture.kind === 'timesformer' ? [['frames', `${architecture.numFrames}`]] : []),
    ...(manifest.sampling === null
      ? []
      : [['sampling rate', `every ${manifest.sampling.samplingRate}th of 30 frames/s`]]),
    ['image side', `${architecture.imageSize} px`],
    ...(architecture.kind === 'deit' ? [['images', resizeInWords(manifest)]] : []),
    ['patch side', `${architecture.patchSize} px`],
    ['width, blocks, heads', `${architecture.dim}, ${architecture.depth}, ${architecture.heads}`],
    ['classes', `${architecture.classes}`],
    ['parameters', countParameters(manifest).toLocaleString('en-US')],
    ['patch selection', describeSelection(manifest)],
    ['licence', inline(licence.name)],
    ...(licence.source === null ? [] : [['source', inline(licence.source)]]),
  ];
  const table = ['| | |', '|---|---|', ...rows.map(([key, value]) => `| ${key} | ${value} |`)].join('\n');
  const origin = manifest.fetched === undefined ? [] : fetchedParagraphs(manifest.fetched);
  const paragraphs = [`# ${inline(title)}`, table, ...origin, ...notes, abilities(manifest), limits(manifest, trained)];
  return `${paragraphs.join('\n\n')}\n`;
}

/** Enough for anybody to check what arrived. */
function fetchedParagraphs({ source, revision, date, files }: Fetched): string[] {
  const at = revision === null ? '' : `, revision ${code(revision)}`;
  const sums = files.map(({ name, bytes, sha256 }) => `- ${code(name)}: ${bytes} bytes, SHA-256 ${code(sha256)}`);
  return [
    `Fetched from ${code(source)}${at} on ${date.slice(0, 10)}. Its licence is that of its source.`,
    sums.join('\n'),
  ];
}

function abilities({ architecture, selection }: Manifest): string {
  const isVideoModel = architecture.kind === 'timesformer';
  const subject = isVideoModel ? 'the action in a clip' : 'what a picture shows';
  const others = isVideoModel ? 'by chance, by frame difference or by saliency' : 'by chance';
  const selectors =
    selection === null
      ? `It has no interpreter, so patches can be kept ${others}, or all of them.`
      : abilitiesOf(selection);
  return `It names ${subject} as one of the ${architecture.classes} classes in \`labels.json\`. ${selectors}`;
}

function abilitiesOf({ groups }: Selection): string {
  return groups.length === 1
    ? 'It has an interpreter, which scores patches before the blocks run, so that those that matter little are dropped.'
    : `It has ${groups.length} interpreters, which score patches before every group of blocks, so that those that matter little are dropped step by step.`;
}

function limits({ architecture }: Manifest, trained: boolean): string {
  if (!trained)
    return '**Its weights are random numbers.** What it predicts means nothing; it shows that everything runs.';
  const unit = architecture.kind === 'timesformer' ? 'action' : 'object';
  return `It knows its classes and nothing else: every input gets one of them, and a high probability does not mean that the ${unit} is there.`;
}

function describeSelection({ selection }: Manifest): string {
  if (selection === null) return 'no interpreter';
  const { groups, heads, threshold, interpreter } = selection;
  const kind = interpreter === 'motion-aware' ? 'motion-aware ' : '';
  const count = groups.length === 1 ? `one ${kind}interpreter` : `${groups.length} ${kind}interpreters`;
  return `${count}, ${heads} heads, threshold ${threshold}`;
}

function countParameters({ architecture, selection }: Manifest): number {
  let count = 0;
  for (const shape of expectedParameters(architecture, selection).values()) count += shape.reduce((a, b) => a * b, 1);
  return count;
}

function code(text: string): string {
  return `\`${text.replaceAll('`', "'")}\``;
}

/** Titles and licences come from elsewhere: they stay one cell, and bring no markup along. */
function inline(text: string): string {
  return text.replaceAll(/\s+/g, ' ').replaceAll(/[\\`*_[\]<>|#]/g, '\\$&');
}
