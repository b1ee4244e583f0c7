import { type Command, Option } from 'commander';
import { BENCHMARK_VIDEO, runBenchmark } from '#engine/measurement/benchmark.ts';
import { runExportBenchmark } from '#engine/measurement/measure-export.ts';
import { runTrainingBenchmark } from '#engine/measurement/training-benchmark.ts';
import type { AttentionType } from '#native-models/bundle/manifest.ts';
import type { CommandContext } from '../context.ts';
import { writeJson } from '../json-output.ts';
import { StagedProgress } from '../terminal/staged-progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { printBenchmark, printExportBenchmark, printTrainingBenchmark } from './bench-report.ts';
import { type DeviceOptions, deviceOptions, wholeNumber } from './options.ts';

interface BenchOptions extends DeviceOptions {
  readonly attention: 'joint' | 'divided' | 'both';
  readonly rounds: number;
  readonly video: boolean;
  readonly training?: boolean;
  readonly export?: boolean;
  readonly batch: number;
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
    .option('--training', 'measure training steps of a small model beside its inference, and nothing else')
    .option('--export', 'measure the export of an annotated video beside plain ffmpeg, and nothing else')
    .addOption(new Option('--batch <n>', 'clips of a training step').argParser(wholeNumber(1)).default(16))
    .addOption(new Option('--json <file|->', 'write everything as JSON; - is standard output'));
  for (const option of deviceOptions()) command.addOption(option);
  command.action((options: BenchOptions) => run(options, context));
}

async function run(options: BenchOptions, { terminal, signal }: CommandContext): Promise<void> {
  const { device, precision, threads, rounds, video, batch, json } = options;
  const attentions = ATTENTIONS[options.attention];
  using progress = new StagedProgress(terminal);
  const common = { device, attentions, rounds, signal, onStep: progress.update };
  const onThreads = threads === undefined ? {} : { threads };
  const write = async <Report>(report: Report, print: (terminal: Terminal, report: Report) => void) => {
    progress.clear();
    if (json !== '-') print(terminal, report);
    if (json !== undefined) await writeJson(terminal, json, report);
  };
  if (options.training === true) {
    await write(await runTrainingBenchmark({ ...common, ...onThreads, batch }), printTrainingBenchmark);
    return;
  }
  if (options.export === true) {
    await write(await runExportBenchmark({ rounds, signal, onStep: progress.update }), printExportBenchmark);
    return;
  }
  const whole = { ...common, ...onThreads, precision, keeps: [0.7, 0.5, 0.3], video: video ? BENCHMARK_VIDEO : null };
  await write(await runBenchmark(whole), printBenchmark);
}
