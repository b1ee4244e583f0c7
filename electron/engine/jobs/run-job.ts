import { type AnalysisEngine, analyze } from '../analysis/analyze.ts';
import type { FinishedClip } from '../analysis/course.ts';
import { fullGmacs } from '../analysis/run-trunk.ts';
import { type AnalysisSettings, resolveSettings } from '../analysis/settings.ts';
import type { KnownVideo } from '../files/known-videos.ts';
import { recordClip } from '../store/recorded-clip.ts';
import type { ResultFacts } from '../store/result.ts';
import type { OpenResult } from '../store/result-store.ts';
import type { JobList, LiveJob } from './job-list.ts';
import type { LiveRuns } from './live-runs.ts';
import { ProgressMeter } from './progress-meter.ts';
import type { ViewCache } from './view-cache.ts';

export interface JobRun {
  readonly job: LiveJob;
  readonly jobs: JobList;
  readonly video: KnownVideo;
  readonly engine: AnalysisEngine;
  readonly result: OpenResult;
  readonly runs: LiveRuns;
  readonly views: ViewCache;
}

/** The settings of a job for the model that it names. */
export function settingsOf(job: LiveJob, { model }: AnalysisEngine): AnalysisSettings {
  return resolveSettings(model.bundle.manifest, job.record.request);
}

/**
 * Computes what a job's result lacks, clip by clip, each of which is on disk before the next one is begun.
 *
 * @throws what the analysis throws, the signal's reason
 */
export async function runJob(run: JobRun, signal: AbortSignal): Promise<void> {
  const { job, jobs, video, engine, result, runs, views } = run;
  const id = job.record.job;
  const finished = await readFinished(result);
  const live = runs.begin(id, finished.keys());
  const viewsBefore = [...finished.values()].reduce((sum, { clip }) => sum + clip.views.length, 0);
  const meter = new ProgressMeter(viewsBefore);
  let facts: ResultFacts | undefined;
  const update = (change: Partial<ResultFacts>) => {
    if (facts === undefined) throw new Error('An analysis said something before it began.');
    facts = { ...facts, ...change, changedAt: Date.now() };
    result.update(facts);
    job.pulse.fire();
  };

  const { key } = result;
  const onView = (view: Parameters<ViewCache['add']>[1]) => views.add(key.result, view);
  const course = { fromSeconds: job.fromSeconds, finished, onView };
  for await (const event of analyze(video.info, job.record.request, engine, signal, course)) {
    switch (event.type) {
      case 'start': {
        const before = result.facts;
        const gmacsFullPerView = fullGmacs(engine.model);
        const { request } = job.record;
        const warnings = before?.warnings ?? [];
        facts = { ...event.start, request, gmacsFullPerView, warnings, outcome: null, changedAt: 0 };
        update({});
        const perClip = event.start.settings.views;
        jobs.change(id, { progress: meter.report(viewsBefore, event.start.clips * perClip) });
        break;
      }
      case 'warning': {
        const known = facts?.warnings ?? [];
        const isNew = known.every(({ message }) => message !== event.warning.message);
        if (isNew) update({ warnings: [...known, event.warning] });
        break;
      }
      case 'scores':
        live.scores = [...live.scores, event.view];
        job.pulse.fire();
        break;
      case 'progress':
        jobs.change(id, { progress: meter.report(event.viewsDone, event.viewsTotal) });
        break;
      case 'clip':
        await result.clips.append(recordClip(event.clip, event.probabilities, live.scores));
        live.finish(event.clip.index);
        job.pulse.fire();
        break;
      case 'done': {
        const { device, summary, timing, video: seen } = event.analysis;
        update({ device, video: seen, outcome: { device, summary, timing } });
      }
    }
  }
}

/** The clips that the result holds already. */
async function readFinished({ clips }: OpenResult): Promise<Map<number, FinishedClip>> {
  const finished = new Map<number, FinishedClip>();
  for (let record = 0; record < clips.count; record++) {
    const { clip, probabilities } = await clips.read(record);
    finished.set(clip.index, { clip, probabilities });
  }
  return finished;
}
