import type { Analysis, AnalysisEvent, AnalysisStart, Warning } from '#contract/analysis.ts';
import type { InferenceRuntime } from '#native-models/runtime/inference-runtime.ts';
import type { VideoModel } from '#native-models/runtime/video-model.ts';
import type { DecodedClip } from '../video/decode.ts';
import { planClips } from '../video/plan.ts';
import { probeVideo } from '../video/probe.ts';
import type { VideoInfo } from '../video/video-info.ts';
import { cropOrigins, viewTensor } from '../video/views.ts';
import { chooseTokens } from './choose-tokens.ts';
import { clipTiming } from './clip-timing.ts';
import { type ClipView, factsOf, scoresOf, viewStream } from './clip-view.ts';
import type { AnalysisCourse } from './course.ts';
import { decodeSpans } from './decode-spans.ts';
import { oneAhead } from './one-ahead.ts';
import { outwards } from './outwards.ts';
import { softmax } from './predictions.ts';
import { fullGmacs, runTrunk, viewGmacs } from './run-trunk.ts';
import { type AnalysisRequest, type AnalysisSettings, resolveSettings, settingsReport } from './settings.ts';
import { Stopwatch } from './stopwatch.ts';
import { type FinishedView, Tally } from './tally.ts';

/** What an analysis runs on; both outlive it. */
export interface AnalysisEngine {
  readonly model: VideoModel;
  readonly runtime: InferenceRuntime;
}

/**
 * Analyses one video: a stream of events that begins with `start` and ends with `done`.
 *
 * Of each clip the scores of a view come as soon as the stem has run, before the trunk does, the centre crop first;
 * the clip's result comes when all its views are through. The next clip is decoded meanwhile. Memory does not grow
 * with the length of the video, except for the results themselves.
 *
 * Aborting `signal` ends the stream at once with the signal's reason; so does leaving the loop, without a reason.
 *
 * @param source A file, or what {@link probeVideo} said of it.
 * @param course Where to begin, and what an earlier run has done already; `done` tells of all clips together.
 * @throws what probing, planning, decoding and inference throw: all of it PatchlightError with a code.
 */
export async function* analyze(
  source: string | VideoInfo,
  request: AnalysisRequest,
  { model, runtime }: AnalysisEngine,
  signal?: AbortSignal,
  course: AnalysisCourse = {},
): AsyncGenerator<AnalysisEvent, void, undefined> {
  const stopwatch = new Stopwatch();
  const { manifest, labels } = model.bundle;
  const settings = resolveSettings(manifest, request);
  const video = typeof source === 'string' ? await probeVideo(source, signal) : source;
  const plan = planClips(video, { ...clipTiming(model), strideSeconds: settings.strideSeconds, ...spanOf(settings) });
  const start = startOf(video, model, runtime, settings, plan.length);
  yield { type: 'start', start };

  const warnings: Warning[] = [];
  const unheard: Warning[] = [];
  const warn = ({ code, message }: Warning) => {
    // Every pass over a damaged part finds it anew.
    if (warnings.some((known) => known.code === code && known.message === message)) return;
    warnings.push({ code, message });
    unheard.push({ code, message });
  };
  using _listening = runtime.onWarning(warn);
  const sayWarnings = function* (): Generator<AnalysisEvent> {
    for (const warning of unheard.splice(0)) yield { type: 'warning', warning };
  };
  for (const warning of video.warnings) warn(warning);
  yield* sayWarnings();

  const tally = new Tally(labels, settings.topK);
  const clips: Analysis['clips'] = [];
  for (const { clip, probabilities } of course.finished?.values() ?? []) {
    tally.count(clip, probabilities, fullGmacs(model));
    clips.push(clip);
  }
  const viewsBefore = tally.views;
  const spans = outwards(plan, course.fromSeconds ?? 0)
    .map((span) => span.filter(({ index }) => !course.finished?.has(index)))
    .filter((span) => span.length > 0);
  const decoding = decodeSpans(video, spans, { shortSide: model.config.imageSize, signal, onWarning: warn });
  for await (const decoded of oneAhead(stopwatch.timed('decode', decoding))) {
    yield* sayWarnings();
    const views: FinishedView[] = [];
    for await (const step of runViews(decoded, settings, model, stopwatch, course.onView, signal)) {
      if (step.type === 'scores') yield step;
      else {
        views.push(step.view);
        const viewsDone = tally.views + views.length;
        yield { type: 'progress', viewsDone, viewsTotal: plan.length * settings.views };
      }
      yield* sayWarnings();
    }
    const { clip, probabilities } = tally.clip(factsOf(decoded), views);
    clips.push(clip);
    stopwatch.mark('firstResult');
    yield { type: 'clip', clip, probabilities };
  }
  clips.sort((a, b) => a.index - b.index);
  yield* sayWarnings();

  const timing = stopwatch.report(tally.views - viewsBefore);
  const device = deviceReport(runtime);
  const analysis = { ...start, video: { ...start.video, warnings }, device, clips, summary: tally.summary(), timing };
  yield { type: 'done', analysis };
}

type ViewStep = Extract<AnalysisEvent, { type: 'scores' }> | { readonly type: 'view'; readonly view: FinishedView };

/** Runs the views of one clip, centre first. */
async function* runViews(
  decoded: DecodedClip,
  settings: AnalysisSettings,
  model: VideoModel,
  stopwatch: Stopwatch,
  onView: AnalysisCourse['onView'],
  signal: AbortSignal | undefined,
): AsyncGenerator<ViewStep, void, undefined> {
  const { imageSize } = model.config;
  const { preprocessing } = model.bundle.manifest;
  const { width, height } = decoded;
  const clip = factsOf(decoded);
  const [left, center, right] = cropOrigins(width, height, imageSize);
  const crops = settings.views === 1 ? [center] : [center, left, right];
  const gmacsFull = fullGmacs(model);
  const pixelsOf = (crop: typeof center | undefined) =>
    crop === undefined ? undefined : viewTensor(decoded, crop.origin, imageSize, preprocessing);

  let pixels = pixelsOf(center);
  for (const [i, { name, origin }] of crops.entries()) {
    if (pixels === undefined) return;
    signal?.throwIfAborted();
    const pixelsOfView = pixels;
    const embedded = await stopwatch.add('stem', () => model.embed(pixelsOfView, signal));
    const stream = viewStream(clip.index, name);
    const view: ClipView = { clip, crop: name, origin, frameSize: [width, height], pixels, embedded, stream };
    onView?.(view);
    const selection = await stopwatch.add('stem', () => chooseTokens(model, settings.selector, view, signal));
    const { kept } = selection;
    yield { type: 'scores', view: scoresOf(view, selection) };

    const logits = stopwatch.add('trunk', () => runTrunk(model, settings.selector, embedded, kept, signal));
    // The worker computes; meanwhile the next view is cut out here.
    pixels = pixelsOf(crops[i + 1]);
    const probabilities = softmax(await logits);
    const gmacs = viewGmacs(model, settings.selector, kept);
    const counts = { keptTokens: kept.length, totalTokens: model.tokenCount, gmacs, gmacsFull };
    yield { type: 'view', view: { crop: name, origin, ...counts, probabilities } };
  }
}

function spanOf({ span }: AnalysisSettings) {
  return span === undefined ? {} : { span };
}

function startOf(
  video: VideoInfo,
  model: VideoModel,
  runtime: InferenceRuntime,
  settings: AnalysisSettings,
  clips: number,
): AnalysisStart {
  const { manifest } = model.bundle;
  const { attention, numFrames, imageSize, patchSize, classes } = model.config;
  const { path, codec, width, height, rotation, framesPerSecond, presentedFrames, durationSeconds } = video;
  return {
    video: { path, codec, width, height, rotation, framesPerSecond, presentedFrames, durationSeconds, warnings: [] },
    model: {
      name: manifest.name,
      architecture: model.config.kind,
      attention,
      ...clipTiming(model),
      numFrames,
      imageSize,
      patchSize,
      classes,
      trained: manifest.trained,
    },
    settings: settingsReport(settings),
    device: deviceReport(runtime),
    clips,
  };
}

function deviceReport({ requested, target, refused }: InferenceRuntime): Analysis['device'] {
  return {
    requested: requested.device,
    used: target.device,
    precision: target.precision,
    refused: refused.map(({ device, reason }) => ({ device, reason })),
  };
}
