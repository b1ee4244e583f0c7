import type { Job } from '#contract/jobs.ts';

/** What can be done with a video of the queue. */
export type JobAction = 'open' | 'retry' | 'cancel' | 'remove';

/** In the order in which they are shown. */
export function actionsOf({ state, result }: Job): readonly JobAction[] {
  switch (state) {
    case 'running':
      return ['cancel'];
    case 'queued':
      return ['remove'];
    case 'done':
      return ['open', 'retry', 'remove'];
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
  if (action === 'remove') return 'Remove from the queue';
  if (state === 'done') return 'Analyse once more';
  return state === 'failed' ? 'Try again' : 'Go on';
}
