import type { EngineImplementation } from '#contract/engine-api.ts';
import { ResultUnavailableError } from '#contract/errors.ts';
import type { Job } from '#contract/jobs.ts';
import { resolveSelector } from '#native-models/selection/selector.ts';
import { placedScores } from '../analysis/clip-view.ts';
import { reselectClip } from '../analysis/reselect.ts';
import { scoreMap } from '../analysis/score-map.ts';
import { begunKey, clipViews } from '../jobs/clip-views.ts';
import type { LiveJob } from '../jobs/job-list.ts';
import { settingsOf } from '../jobs/run-job.ts';
import { resultGone, watchJob } from '../jobs/watch-job.ts';
import type { OpenResult } from '../store/result-store.ts';
import { documentOf } from './document.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about the analysis on screen. */
export function analysisCalls(workspace: Workspace): EngineImplementation['analysis'] {
  const { files, videos, results, jobs, scheduler, views, runs, models } = workspace;

  /** Puts a job where the scheduler takes it. */
  const goOn = (job: LiveJob, fromSeconds = job.fromSeconds): Job => {
    jobs.lookAt(job.record.job);
    const changed = jobs.change(job.record.job, { state: 'queued', error: null, fromSeconds });
    scheduler.wake();
    return jobs.public(changed);
  };

  /** The number of the clip that is on screen at a moment. */
  const clipAt = async (job: LiveJob, seconds: number): Promise<number> => {
    const { strideSeconds, span } = settingsOf(job, await models.open(job.record.request.model));
    return Math.max(0, Math.floor((seconds - (span?.startSeconds ?? 0)) / strideSeconds));
  };

  const resultOf = async (job: LiveJob): Promise<OpenResult> => results.open(begunKey(job));

  return {
    async begin({ file, request, fromSeconds, again }) {
      const job = jobs.add({ path: files.path(file), lane: 'screen', request, fromSeconds, again });
      scheduler.wake();
      return jobs.public(job);
    },

    async reopen({ file, result }) {
      const path = files.path(file);
      const key = await results.find(result);
      const { content } = await videos.look(path);
      if (key === null || key.content !== content) throw resultGone();
      await using stored = await results.open(key);
      const { facts } = stored;
      if (facts === null) throw resultGone();
      const job = jobs.add({ path, lane: 'screen', request: facts.request });
      return jobs.public(jobs.change(job.record.job, { key, state: facts.outcome === null ? 'cancelled' : 'done' }));
    },

    watch: ({ job, skip }, { signal }) => watchJob(workspace, job, skip, signal),

    async focus({ job: id, seconds }) {
      const job = jobs.get(id);
      jobs.lookAt(id);
      jobs.change(id, { fromSeconds: seconds });
      if (job.record.key !== null) views.focus(job.record.key.result, seconds);
      const run = runs.of(id);
      if (run === undefined) scheduler.wake();
      else if (!run.comesSoon(await clipAt(job, seconds))) await scheduler.restart(id);
    },

    async cancel({ job }) {
      await scheduler.cancel(job);
      return jobs.public(jobs.get(job));
    },

    resume({ job: id, fromSeconds }) {
      const job = jobs.get(id);
      if (job.record.state === 'running' || job.record.state === 'queued') return jobs.public(job);
      return goOn(job, fromSeconds);
    },

    async reselect({ job: id, clip: index, selector }, { signal }) {
      const job = jobs.get(id);
      const engine = await models.open(job.record.request.model);
      const embedded = await clipViews(workspace, job, index, engine, signal);
      const { model } = engine;
      const chosen = resolveSelector(model.bundle.manifest, selector);
      const { topK } = job.record.request;
      const { clip, probabilities, scores } = await reselectClip(model, embedded, chosen, topK, signal);
      return { clip, probabilities, views: scores };
    },

    async scoreMap({ job: id, clip, map }, { signal }) {
      const job = jobs.get(id);
      const engine = await models.open(job.record.request.model);
      const mapped: ReturnType<typeof placedScores>[] = [];
      for (const view of await clipViews(workspace, job, clip, engine, signal)) {
        mapped.push(placedScores(view, await scoreMap(engine.model, map, view, signal)));
      }
      return { clip, map, views: mapped };
    },

    async document({ job: id }) {
      await using result = await resultOf(jobs.get(id));
      return await documentOf(result);
    },

    async results({ file }) {
      return results.list((await videos.look(files.path(file))).content);
    },

    async forgetResult({ result }) {
      const key = await results.find(result);
      if (key === null) return;
      if (await results.forget(key)) return;
      throw new ResultUnavailableError('That result is in use.', { hint: 'Cancel the analysis first.' });
    },
  };
}
