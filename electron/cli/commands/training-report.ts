import { basename } from 'node:path';
import type { SelectionJudgement, TrainingReport, TrainingReportEvent, TrainingStart } from '#contract/training.ts';
import { formatCount, formatShare } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** Shows what happens on stderr until the report is there. */
export async function showTraining(
  events: AsyncIterable<TrainingReportEvent>,
  terminal: Terminal,
): Promise<TrainingReport> {
  let progress: Progress | undefined;
  let resumed = 0;
  try {
    for await (const event of events) {
      if (event.type === 'step') {
        progress ??= new Progress(terminal, 'training');
        progress.update(event.done - resumed, event.total - resumed, liveFigures(event));
        continue;
      }
      progress?.clear();
      switch (event.type) {
        case 'start':
          terminal.note(startLine(event.start));
          break;
        case 'phase':
          resumed += event.resumedAt;
          if (event.resumedAt > 0) {
            const done = event.resumedAt === event.steps ? 'done before' : `goes on after step ${event.resumedAt}`;
            terminal.note(`${event.phase}: ${done}`);
          }
          break;
        case 'judged':
          terminal.note(`after ${event.after}: ${judgementLine(event.judgement)}`);
          break;
        case 'calibrated': {
          const { threshold, agreement, keepRatio } = event.calibration;
          const given = `${formatShare(agreement)} agree with ${formatShare(keepRatio)} of the patches`;
          terminal.note(`threshold ${threshold}: of the training clips ${given}`);
          break;
        }
        case 'warning':
          terminal.warning(event.warning.message);
          break;
        case 'done':
          return event.report;
      }
    }
  } finally {
    progress?.clear();
  }
  throw new Error('The training ended without a result.');
}

/** Prints the result for people. */
export function printTraining(terminal: Terminal, { bundle, heldOut, threshold }: TrainingReport): void {
  terminal.print(`${terminal.style('bold', bundle.name)}  ${terminal.style('dim', bundle.directory)}`);
  terminal.print(`${judgementLine(heldOut)} (${formatCount(heldOut.clips, 'clip')} of videos held out)`);
  if (heldOut.right !== null) {
    const { full, selected, random } = heldOut.right;
    terminal.print(
      `right: ${formatShare(full)} with all patches, ${formatShare(selected)} with those kept, ${formatShare(random)} with as many by chance`,
    );
  }
  terminal.print(`threshold ${threshold}`);
}

function startLine({ data, model, device, steps }: TrainingStart): string {
  const { path, trainingVideos, heldOutVideos, clips } = data;
  const videos = `${formatCount(trainingVideos, 'video')} to learn from (${formatCount(clips, 'clip')} an epoch), ${heldOutVideos} to judge by`;
  return `${basename(path)}: ${videos}; ${formatCount(steps, 'step')} for ${model.name} on ${device.used}`;
}

function judgementLine({ agreement, randomAgreement, keepRatio }: SelectionJudgement): string {
  return `${formatShare(agreement)} agree with the full model, ${formatShare(keepRatio)} of the patches kept; by chance ${formatShare(randomAgreement)}`;
}

function liveFigures({ phase, done, total, running, stepsPerSecond }: Extract<TrainingReportEvent, { type: 'step' }>) {
  const { reward, keepRatio, accuracy, loss } = running;
  return [
    `${phase} ${done}/${total}`,
    ...(reward === undefined ? [`loss ${(loss ?? Number.NaN).toFixed(3)}`] : [`reward ${reward.toFixed(3)}`]),
    ...(keepRatio === undefined ? [] : [`kept ${formatShare(keepRatio)}`]),
    ...(accuracy === undefined ? [] : [`accuracy ${formatShare(accuracy)}`]),
    `${stepsPerSecond.toFixed(2)} steps/s`,
  ].join('  ');
}
