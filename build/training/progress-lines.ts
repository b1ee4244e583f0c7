import { formatDuration, formatShare } from '#cli/terminal/format.ts';
import type { ModelTrainingEvent } from './training.ts';

/** A line of progress is written this often. */
const LINE_MS = 10_000;

/** Puts events into lines for people: all that are rare, and of the steps one now and then. */
export class ProgressLines {
  #saidAt = Number.NEGATIVE_INFINITY;

  /** The line for `event`, or `null` when there is nothing to say yet. */
  lineFor(event: ModelTrainingEvent): string | null {
    switch (event.kind) {
      case 'planned':
        return `${event.steps} steps in all${event.resumed ? '; this training goes on' : ''}.`;
      case 'validated': {
        const { clips, fullAccuracy, accuracy, keepRatio } = event.validation;
        return `after ${event.after}, on ${clips} other samples: ${formatShare(fullAccuracy)} right with all patches, ${formatShare(accuracy)} with the ${formatShare(keepRatio)} that are kept`;
      }
      case 'written':
        return `Wrote ${event.bundle.directory}`;
      case 'phase':
        return this.#phaseLine(event);
    }
  }

  #phaseLine({ name, event }: Extract<ModelTrainingEvent, { readonly kind: 'phase' }>): string | null {
    if (event.kind === 'checkpoint') return null;
    if (event.kind === 'started') return `${name}: ${event.resumed ? `goes on at step ${event.step}` : 'begins'}`;
    const now = performance.now();
    if (event.step < event.steps && now - this.#saidAt < LINE_MS) return null;
    this.#saidAt = now;
    const { loss = Number.NaN, accuracy, keepRatio, regionLoss, reward } = event.running;
    const facts = [
      `${name} ${event.step}/${event.steps}`,
      `loss ${loss.toFixed(3)}`,
      ...(regionLoss === undefined ? [] : [`regions ${regionLoss.toFixed(4)}`]),
      ...(reward === undefined ? [] : [`reward ${reward.toFixed(3)}`]),
      ...(accuracy === undefined ? [] : [`accuracy ${formatShare(accuracy)}`]),
      ...(keepRatio === undefined ? [] : [`kept ${formatShare(keepRatio)}`]),
      `${event.stepsPerSecond.toFixed(2)} steps/s`,
      `${formatDuration(event.etaSeconds)} left in this phase`,
    ];
    return facts.join('  ');
  }
}
