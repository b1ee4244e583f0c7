import type { EvaluationEvent, EvaluationStart } from '#contract/evaluation.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { AnalysisEngine } from '../analysis/analyze.ts';
import { clipTiming } from '../analysis/clip-timing.ts';
import { oneAhead } from '../analysis/one-ahead.ts';
import { fullGmacs } from '../analysis/run-trunk.ts';
import { selectorReport } from '../analysis/settings.ts';
import type { DataSet } from './data-set/data-set.ts';
import type { MapSettings } from './faithfulness/evaluate-maps.ts';
import { firstClips } from './first-clips.ts';
import { digest, type EvaluationIdentity, type Journal } from './journal.ts';
import { judgeClip, judgeView } from './judge-clip.ts';
import type { VideoOutcome } from './outcome.ts';
import { Results } from './results.ts';
import type { EvaluationSettings } from './settings.ts';

export interface EvaluationOptions {
  /** Where results are kept as they come, and taken from when there are some. */
  readonly journal?: Journal<VideoOutcome> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Judges a model on a data set under every setting: a stream of events that begins with `start` and ends with `done`.
 *
 * Every video is decoded once, and the next one while the present one is judged. A video that cannot be decoded is a
 * failure, and the work goes on; what is wrong with model or device ends it. Memory does not grow with the data set,
 * except for the results themselves.
 *
 * Aborting `signal` ends the stream at once with the signal's reason; so does leaving the loop, without a reason.
 *
 * @throws NothingEvaluatedError when every video failed; FfmpegMissingError; what inference throws.
 */
export async function* evaluate(
  dataSet: DataSet,
  settings: EvaluationSettings,
  engine: AnalysisEngine,
  { journal, signal }: EvaluationOptions = {},
): AsyncGenerator<EvaluationEvent, void, undefined> {
  const { model, runtime } = engine;
  const { videos } = dataSet;
  const results = new Results(videos, journal?.judged);
  const start = startOf(dataSet, settings, engine, results.done);
  yield { type: 'start', start };

  const unheard: { readonly code: string; readonly message: string }[] = [];
  using _listening = runtime.onWarning((warning) => void unheard.push(warning));
  const pending = videos.filter((video) => !results.has(video));
  if (pending.length > 0) await warmUp(model, settings, signal);

  const clips = firstClips(pending, clipTiming(model), model.config.imageSize, signal);
  for await (const clip of oneAhead(clips)) {
    const { index, path, label } = clip.video;
    const outcome: VideoOutcome =
      'failure' in clip
        ? { video: index, failure: clip.failure }
        : { video: index, judgements: await judgeClip(model, clip.decoded, index, settings, signal) };
    results.add(outcome);
    await journal?.add(outcome);

    for (const { code, message } of clip.warnings) yield { type: 'warning', path, warning: { code, message } };
    for (const { code, message } of unheard.splice(0))
      yield { type: 'warning', path: null, warning: { code, message } };
    if ('failure' in outcome) yield { type: 'failure', failure: outcome.failure };
    else {
      const predictions = outcome.judgements.map(({ clip1, video1 }) => ({ clip1, video1 }));
      yield { type: 'video', path, label, predictions };
    }
    yield { type: 'progress', videosDone: results.done, videosTotal: videos.length, clip1Error: results.clip1Error };
  }

  const { resumed: _, settings: reports, ...common } = start;
  const facts = { views: settings.views, tokens: model.tokenCount, gmacsFull: fullGmacs(model) };
  const { failures } = results;
  const rows = reports.map((report, i) => ({
    ...common,
    ...report,
    ...results.metrics(i, facts),
    // The device may have changed on the way.
    device: deviceOf(engine),
    failures,
  }));
  yield { type: 'done', rows };
}

/** What the results of an evaluation, or of any other work on a data set, depend on. */
export function identityOf(
  { videos }: DataSet,
  settings: EvaluationSettings | MapSettings,
  { model, runtime }: AnalysisEngine,
): EvaluationIdentity {
  const { manifest, labels } = model.bundle;
  return {
    model: digest([manifest, labels]),
    device: digest(runtime.target),
    data: digest(videos.map(({ index, path, label }) => [index, path, label])),
    settings: digest(settings),
  };
}

/** Loads every graph and runs it once, so that the first video is timed like the others. */
async function warmUp(model: VideoModel, { selectors }: EvaluationSettings, signal?: AbortSignal): Promise<void> {
  const { numFrames, imageSize } = model.config;
  const grey = new Float32Array(3 * numFrames * imageSize * imageSize);
  const kinds = selectors.filter(({ name }, i) => selectors.findIndex((other) => other.name === name) === i);
  await judgeView(model, grey, 0, kinds, signal);
}

function startOf(
  { path, videos, bad }: DataSet,
  { views, selectors }: EvaluationSettings,
  engine: AnalysisEngine,
  resumed: number,
): EvaluationStart {
  const { name, trained } = engine.model.bundle.manifest;
  return {
    dataset: path,
    videos: videos.length,
    skipped: bad.length,
    model: { name, trained },
    device: deviceOf(engine),
    views,
    settings: selectors.map(selectorReport),
    resumed,
  };
}

function deviceOf({ runtime: { target } }: AnalysisEngine): EvaluationStart['device'] {
  return { used: target.device, precision: target.precision };
}
