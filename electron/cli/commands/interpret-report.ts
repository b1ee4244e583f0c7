import { basename } from 'node:path';
import type { Interpretation, MapComparison } from '#contract/interpretation.ts';
import { formatCount, formatGmacs, formatShare } from '../terminal/format.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints what was made of one image for people: a line for the answer, one for what it took. */
export function printInterpretation(terminal: Terminal, interpretation: Interpretation): void {
  const { image, model, top, fullTop, groups, gmacs, gmacsFull } = interpretation;
  const dim = (text: string) => terminal.style('dim', text);
  const pages = image.pages > 1 ? ` · the first of ${image.pages} pictures` : '';
  terminal.print(
    `${terminal.style('bold', basename(image.path))}  ${dim(`${image.width}×${image.height} · ${image.format}${pages}`)}`,
  );
  if (!model.trained) terminal.print(terminal.style('yellow', 'This model is untrained: its weights are random.'));
  const answers = top.map(({ label, probability }) => `${label} ${formatShare(probability)}`);
  terminal.print(`  ${answers.join('  ')}`);
  const [first] = fullTop;
  if (first !== undefined && first.index !== top[0]?.index) {
    terminal.print(`  ${dim(`with every patch: ${first.label} ${formatShare(first.probability)}`)}`);
  }
  const kept = groups.map(({ keepRatio }) => formatShare(keepRatio)).join(' → ');
  terminal.print(`  ${dim(`kept ${kept}; ${formatGmacs(gmacs)} instead of ${formatGmacs(gmacsFull)} GMACs`)}`);
}

/** Prints how maps did: a table against masks, one of the curves. */
export function printComparison(terminal: Terminal, { maps }: MapComparison): void {
  const masked = maps.find(({ masks }) => masks !== null)?.masks?.images;
  if (masked !== undefined) {
    terminal.print();
    print(terminal, maps, MASKS);
    terminal.print();
    terminal.print(
      `agreement with the masks of ${formatCount(masked, 'image')}, above the map's mean and above Otsu's threshold`,
    );
  }
  if (maps.some(({ curves }) => curves !== null)) {
    terminal.print();
    print(terminal, maps, CURVES);
    terminal.print();
    terminal.print(
      'area under the probability of the predicted class: deletion, lower is better; insertion, higher is',
    );
  }
  terminal.print();
}

type ComparedMap = MapComparison['maps'][number];
type MapColumn = Column & { readonly of: (map: ComparedMap) => string };

const right = 'right' as const;
const share = (value: number | null | undefined) => (value === null || value === undefined ? '' : formatShare(value));
const area = (value: number | undefined) => value?.toFixed(3) ?? '';

const MASKS: readonly MapColumn[] = [
  { title: 'map', of: ({ map }) => map },
  { title: 'pixel accuracy', align: right, of: ({ masks }) => share(masks?.mean.pixelAccuracy) },
  { title: 'mAcc', align: right, of: ({ masks }) => share(masks?.mean.meanAccuracy) },
  { title: 'mIoU', align: right, of: ({ masks }) => share(masks?.mean.meanIou) },
  { title: 'Otsu: accuracy', align: right, of: ({ masks }) => share(masks?.otsu.pixelAccuracy) },
  { title: 'mAcc', align: right, of: ({ masks }) => share(masks?.otsu.meanAccuracy) },
  { title: 'mIoU', align: right, of: ({ masks }) => share(masks?.otsu.meanIou) },
  { title: 'average precision', align: right, of: ({ masks }) => share(masks?.averagePrecision) },
];

const CURVES: readonly MapColumn[] = [
  { title: 'map', of: ({ map }) => map },
  { title: 'deletion (zero)', align: right, of: ({ curves }) => area(curves?.deletion.zero) },
  { title: 'deletion (blur)', align: right, of: ({ curves }) => area(curves?.deletion.blur) },
  { title: 'insertion (zero)', align: right, of: ({ curves }) => area(curves?.insertion.zero) },
  { title: 'insertion (blur)', align: right, of: ({ curves }) => area(curves?.insertion.blur) },
];

function print(terminal: Terminal, maps: readonly ComparedMap[], columns: readonly MapColumn[]): void {
  const [head = '', ...body] = tableLines(
    columns,
    maps.map((map) => columns.map(({ of }) => of(map))),
  );
  terminal.print(terminal.style('dim', head));
  for (const line of body) terminal.print(line);
}
