import { basename } from 'node:path';
import type { Faithfulness } from '#contract/faithfulness.ts';
import { formatCount, formatShare } from '../terminal/format.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

type MapReport = Faithfulness['maps'][number];

/** Prints how score maps did for people: a line for each map. */
export function printFaithfulness(terminal: Terminal, faithfulness: Faithfulness): void {
  const { dataset, videos, skipped, failures, model, device, maps } = faithfulness;
  const dim = (text: string) => terminal.style('dim', text);
  const facts = [
    formatCount(videos - failures.length, 'video'),
    ...(failures.length > 0 ? [`${failures.length} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    'the centre crop of the first clip',
  ];
  terminal.print(`${terminal.style('bold', basename(dataset))}  ${dim(facts.join(' · '))}`);
  terminal.print(`${model.name}  ${dim(`${device.used} ${device.precision}`)}`);
  if (!model.trained) {
    terminal.print(
      terminal.style('yellow', 'This model is untrained: its weights are random, there is nothing to be faithful to.'),
    );
  }
  terminal.print();
  print(terminal, maps, CURVES);
  terminal.print();
  terminal.print('area under the probability of the predicted class: deletion, lower is better; insertion, higher is');

  const masked = maps.find(({ agreement }) => agreement !== null)?.agreement?.views;
  if (masked === undefined) return;
  terminal.print();
  print(terminal, maps, AGREEMENT);
  terminal.print();
  terminal.print(`agreement with the masks of ${formatCount(masked, 'video')}, higher is better`);
}

type MapColumn = Column & { readonly of: (map: MapReport) => string };

const CURVES: readonly MapColumn[] = [
  { title: 'map', of: ({ map }) => map },
  { title: 'deletion (zero)', align: 'right', of: ({ deletion }) => deletion.zero.toFixed(3) },
  { title: 'deletion (blur)', align: 'right', of: ({ deletion }) => deletion.blur.toFixed(3) },
  { title: 'insertion (zero)', align: 'right', of: ({ insertion }) => insertion.zero.toFixed(3) },
  { title: 'insertion (blur)', align: 'right', of: ({ insertion }) => insertion.blur.toFixed(3) },
];

const AGREEMENT: readonly MapColumn[] = [
  { title: 'map', of: ({ map }) => map },
  { title: 'pixel accuracy', align: 'right', of: ({ agreement }) => share(agreement?.pixelAccuracy) },
  { title: 'mAcc', align: 'right', of: ({ agreement }) => share(agreement?.meanAccuracy) },
  { title: 'mIoU', align: 'right', of: ({ agreement }) => share(agreement?.meanIou) },
  { title: 'average precision', align: 'right', of: ({ agreement }) => share(agreement?.averagePrecision) },
];

function share(value: number | null | undefined): string {
  return value === null || value === undefined ? '' : formatShare(value);
}

function print(terminal: Terminal, maps: readonly MapReport[], columns: readonly MapColumn[]): void {
  const [head = '', ...body] = tableLines(
    columns,
    maps.map((map) => columns.map(({ of }) => of(map))),
  );
  terminal.print(terminal.style('dim', head));
  for (const line of body) terminal.print(line);
}
