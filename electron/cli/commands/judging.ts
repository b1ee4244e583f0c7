import { rm } from 'node:fs/promises';
import type { JudgingEvent } from '#contract/judging.ts';
import { formatShare } from '../terminal/format.ts';
import { Progress } from '../terminal/progress.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { about } from './data-set-options.ts';

/** Where results are kept as they come. */
interface KeptJournal {
  readonly path: string;
}

/**
 * Shows what happens until everything is judged.
 *
 * @returns The last event.
 */
export async function showJudging<Event extends JudgingEvent | { readonly type: 'video' | 'done' }>(
  events: AsyncIterable<Event>,
  terminal: Terminal,
): Promise<Extract<Event, { readonly type: 'done' }>> {
  using progress = new Progress(terminal, 'judging');
  let resumed = 0;
  for await (const event of events) {
    switch (event.type) {
      case 'start':
        resumed = event.start.resumed;
        if (resumed > 0) terminal.note(`${resumed} of ${event.start.videos} videos were judged before.`);
        break;
      case 'warning':
        progress.clear();
        terminal.warning(about(event.path, event.warning.message));
        break;
      case 'failure':
        progress.clear();
        terminal.warning(about(event.failure.path, event.failure.error.message));
        break;
      case 'progress': {
        const { videosDone, videosTotal, clip1Error = null } = event;
        const error = clip1Error === null ? '' : `  clip-1 error ${formatShare(clip1Error)}`;
        progress.update(videosDone - resumed, videosTotal - resumed, `${videosDone} of ${videosTotal} videos${error}`);
        break;
      }
      case 'done':
        return event as Extract<Event, { readonly type: 'done' }>;
    }
  }
  throw new Error('Judging ended without a result.');
}

/** Does `work`; when it is cancelled, tells that what was judged is kept. */
export async function keepingJudged<T>(
  journal: KeptJournal | null,
  { terminal, signal }: { readonly terminal: Terminal; readonly signal: AbortSignal },
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (signal.aborted && journal !== null) {
      terminal.note(`What was judged is kept in ${journal.path}: the same command goes on from there.`);
    }
    throw thrown;
  }
}

/** The journal of a run that is done serves nobody, unless the user named it. */
export async function dropJournal(journal: KeptJournal | null, resume: string | undefined) {
  if (journal !== null && resume === undefined) await rm(journal.path, { force: true });
}
