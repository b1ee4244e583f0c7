import type { BenchmarkReport } from '#engine/measurement/benchmark.ts';
import type { ExportBenchmarkReport } from '#engine/measurement/measure-export.ts';
import type { Machine } from '#engine/measurement/this-machine.ts';
import type { TrainingBenchmarkReport } from '#engine/measurement/training-benchmark.ts';
import { formatCount, formatDuration, formatGmacs, formatShare } from '../terminal/format.ts';
import { type Column, tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Prints views, decoding and both together for people. */
export function printBenchmark(
  terminal: Terminal,
  { machine, device, views, decoding, pipeline }: BenchmarkReport,
): void {
  printMachine(terminal, machine);
  terminal.print(`TimeSformer-B/16, 8 frames of 224×224, random weights, on ${device.used} ${device.precision}`);
  terminal.print();
  const titles = [
    'attention',
    'kept',
    'stem',
    'interpreter',
    'trunk',
    'view',
    'GMACs',
    'GMAC/s',
    'speed-up',
    'overhead',
  ];
  const rows = views.map((view) => [
    view.attention.replaceAll('_', ' '),
    view.keep === 1 ? 'all' : formatShare(view.keep),
    ms(view.stemMs),
    ms(view.interpreterMs),
    ms(view.trunkMs),
    ms(view.viewMs),
    formatGmacs(view.gmacs),
    view.gmacsPerSecond.toFixed(0),
    `${view.speedUp.toFixed(2)}×`,
    formatShare(view.overhead),
  ]);
  const align = (i: number) => (i === 0 ? ('left' as const) : ('right' as const));
  for (const line of tableLines(
    titles.map((title, i) => ({ title, align: align(i) })),
    rows,
  ))
    terminal.print(line);
  terminal.print();
  if (decoding !== null) {
    const { clips, decodeMs, plainMs, ratio } = decoding;
    terminal.print(
      `Decoding 60 s of 1080p (${clips} clips): ${formatDuration(decodeMs / 1000)}, ${ratio.toFixed(2)}× plain ffmpeg (${formatDuration(plainMs / 1000)})`,
    );
  }
  if (pipeline !== null) {
    const { views: count, wallMs, decodeMs, inferenceMs, ratio, eventLoopDelayMs } = pipeline;
    terminal.print(
      `Analysing it (${count} views): ${formatDuration(wallMs / 1000)}, ${ratio.toFixed(2)}× the larger of decoding (${formatDuration(decodeMs / 1000)}) and inference (${formatDuration(inferenceMs / 1000)})`,
    );
    terminal.print(`Longest hold-up of the event loop: ${eventLoopDelayMs.toFixed(0)} ms`);
  }
}

function ms(value: number): string {
  return `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;
}

/** Prints training steps beside inference for people. */
export function printTrainingBenchmark(terminal: Terminal, { machine, device, steps }: TrainingBenchmarkReport): void {
  printMachine(terminal, machine);
  terminal.print(
    `A TimeSformer as large as motions-tiny, random weights, on ${device.used} ${device.precision}, ${formatCount(device.threads, 'thread')}`,
  );
  terminal.print();
  const columns: readonly (Column & { readonly of: (step: (typeof steps)[number]) => string })[] = [
    { title: 'attention', of: ({ attention }) => attention.replaceAll('_', ' ') },
    { title: 'runtimes', align: 'right', of: ({ replicas }) => String(replicas) },
    { title: 'clips', align: 'right', of: ({ batch }) => String(batch) },
    { title: 'step', align: 'right', of: ({ stepMs }) => ms(stepMs) },
    { title: 'GFLOP/s', align: 'right', of: ({ stepGflops }) => stepGflops.toFixed(0) },
    { title: 'view', align: 'right', of: ({ viewMs }) => ms(viewMs) },
    { title: 'GFLOP/s', align: 'right', of: ({ inferenceGflops }) => inferenceGflops.toFixed(0) },
    { title: 'ratio', align: 'right', of: ({ ratio }) => formatShare(ratio) },
  ];
  const rows = steps.map((step) => columns.map(({ of }) => of(step)));
  for (const line of tableLines(columns, rows)) terminal.print(line);
  terminal.print();
  terminal.print(
    'A step is forward, backward and update of all weights on every token; a view is inference as analyses run it.',
  );
}

/** Prints the export of an annotated video beside plain ffmpeg for people. */
export function printExportBenchmark(
  terminal: Terminal,
  { machine, video, exportMs, plainMs, ratio }: ExportBenchmarkReport,
): void {
  printMachine(terminal, machine);
  const { width, height, seconds } = video;
  const times = `${formatDuration(exportMs / 1000)}, plain ffmpeg ${formatDuration(plainMs / 1000)}`;
  terminal.print(`Annotating ${seconds} s of ${width}×${height} as MP4: ${times}; ${ratio.toFixed(2)}× its speed`);
}

function printMachine(terminal: Terminal, { cpu, cores, memoryGb, node }: Machine): void {
  terminal.print(`${cpu}, ${formatCount(cores, 'core')}, ${memoryGb} GB, Node ${node}`);
}
