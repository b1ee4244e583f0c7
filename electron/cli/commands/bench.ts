import { type Command, Option } from 'commander';
import { BENCHMARK_VIDEO, type BenchmarkReport, runBenchmark } from '#engine/measurement/benchmark.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import type { CommandContext } from '../context.ts';
import { writeJson } from '../json-output.ts';
import { formatDuration, formatGmacs, formatShare } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import { tableLines } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { type DeviceOptions, deviceOptions, wholeNumber } from './options.ts';

interface BenchOptions extends DeviceOptions {
  readonly attention: 'joint' | 'divided' | 'both';
  readonly rounds: number;
  readonly video: boolean;
  readonly json?: string;
}

const ATTENTIONS: Readonly<Record<BenchOptions['attention'], readonly AttentionType[]>> = {
  joint: ['joint_space_time'],
  divided: ['divided_space_time'],
  both: ['joint_space_time', 'divided_space_time'],
};

/** `patchlight bench` */
export function addBenchCommand(program: Command, context: CommandContext): void {
  const command = program
    .command('bench')
    .description('Measure this machine with TimeSformer-B/16 (random weights): views, decoding, and both together.')
    .addOption(new Option('--attention <type>', 'which model').choices(Object.keys(ATTENTIONS)).default('both'))
    .addOption(new Option('--rounds <n>', 'counted runs of each row').argParser(wholeNumber(1)).default(5))
    .option('--no-video', 'leave out decoding and the whole pipeline')
    .addOption(new Option('--json <file|->', 'write everything as JSON; - is standard output'));
  for (const option of deviceOptions()) command.addOption(option);
  command.action((options: BenchOptions) => run(options, context));
}

async function run(options: BenchOptions, { terminal, signal }: CommandContext): Promise<void> {
  const { device, precision, threads, rounds, video } = options;
  let progress = new Progress(terminal, '');
  let current = '';
  const onStep = (step: string, done: number, total: number) => {
    if (step !== current) {
      progress.clear();
      progress = new Progress(terminal, step);
      current = step;
      if (!terminal.interactive) terminal.note(step);
    }
    progress.update(done, total);
  };
  const report = await runBenchmark({
    device,
    precision,
    ...(threads === undefined ? {} : { threads }),
    attentions: ATTENTIONS[options.attention],
    keeps: [0.7, 0.5, 0.3],
    rounds,
    video: video ? BENCHMARK_VIDEO : null,
    signal,
    onStep,
  });
  progress.clear();
  if (options.json !== '-') print(terminal, report);
  if (options.json !== undefined) await writeJson(terminal, options.json, report);
}

function print(terminal: Terminal, { machine, device, views, decoding, pipeline }: BenchmarkReport): void {
  terminal.print(`${machine.cpu}, ${machine.cores} cores, ${machine.memoryGb} GB, Node ${machine.node}`);
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
