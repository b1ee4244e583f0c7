import type { Job, JobId } from '#contract/jobs.ts';
import type { AppState } from './app-state.ts';

/** Those of `ids` that an engine's end has interrupted and nobody has gone on with. */
export function interruptedAmong({ workspace }: AppState, ids: readonly JobId[]): readonly Job[] {
  return ids.flatMap((id) => {
    const job = workspace.job(id);
    return job?.state === 'interrupted' ? [job] : [];
  });
}

/** Goes on with jobs where they stopped: the queue with all of its own, the screen with what was looked at last. */
export async function resumeInterrupted(app: AppState, jobs: readonly Job[]): Promise<void> {
  const { engine } = app.session;
  if (engine === null) return;
  if (jobs.some(({ lane }) => lane === 'queue')) await engine.queue.start();
  const onScreen = jobs.filter(({ lane }) => lane === 'screen');
  const last = onScreen.at(-1);
  if (last === undefined) return;
  if (app.analysis.job === last.job) await app.analysis.resume();
  else {
    await showAgain(app, last);
    // What is shown now is a job of its own, with what the old one has done.
    for (const { job } of onScreen) await engine.queue.remove({ job });
  }
}

async function showAgain({ analysis, navigation }: AppState, { file, result }: Job): Promise<void> {
  navigation.go('analyse');
  if (result !== null) await analysis.reopen(file, result);
  // It may have been interrupted before anything was kept.
  if (result === null || analysis.problem !== null) await analysis.open(file);
  else await analysis.resume();
}
