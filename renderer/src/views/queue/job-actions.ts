import type { Job } from '#contract/jobs.ts';

/** What can be done with a video of the queue. */
export type JobAction = 'open' | 'export' | 'show' | 'retry' | 'cancel' | 'stop-exports' | 'remove';

/**
 * In the order in which they are shown.
 *
 * @param canShow Files can be shown where they lie: on the desktop.
 */
export function actionsOf({ state, result, exports }: Job, canShow: boolean): readonly JobAction[] {
  switch (state) {
    case 'running':
      return ['cancel'];
    case 'queued':
      return ['remove'];
    case 'done': {
      if (exports?.state === 'waiting' || exports?.state === 'running') return ['open', 'stop-exports', 'remove'];
      const isThere = exports !== null && exports.files.length > 0 && exports.destination.to !== 'download';
      return ['open', 'export', ...(isThere && canShow ? (['show'] as const) : []), 'retry', 'remove'];
    }
    case 'failed':
      return ['retry', 'remove'];
    case 'cancelled':
    case 'interrupted':
      return result === null ? ['retry', 'remove'] : ['open', 'retry', 'remove'];
  }
}

/** What an action is called for a video in this state. */
export function actionLabel(action: JobAction, { state }: Job): string {
  if (action === 'open') return state === 'done' ? 'Open the result' : 'Open what is done';
  if (action === 'cancel') return 'Cancel';
  if (action === 'export') return 'Export…';
  if (action === 'show') return 'Show the files in their folder';
  if (action === 'stop-exports') return 'Stop exporting';
  if (action === 'remove') return 'Remove from the queue';
  if (state === 'done') return 'Analyse once more';
  return state === 'failed' ? 'Try again' : 'Go on';
}
