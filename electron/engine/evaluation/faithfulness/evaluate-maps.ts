import { FfmpegMissingError, toErrorData } from '#contract/errors.ts';
import type { FaithfulnessEvent } from '#contract/faithfulness.ts';
import type { ScoreMapName } from '#contract/score-maps.ts';
import type { AnalysisEngine } from '../../analysis/analyze.ts';
import { clipTiming } from '../../analysis/clip-timing.ts';
import { oneAhead } from '../../analysis/one-ahead.ts';
import { cropOrigins, viewTensor } from '../../video/views.ts';
import type { DataSet } from '../data-set/data-set.ts';
import { type FirstClip, firstClips } from '../first-clips.ts';
import type { Journal } from '../journal.ts';
import { judgeMaps } from './judge-maps.ts';
import type { VideoMaps } from './map-journal.ts';
import { faithfulnessReport } from './map-report.ts';
import { maskPath } from './mask-files.ts';
import { maskOfView, readVideoMask } from './video-mask.ts';

/** What is judged, and against what. */
export interface MapSettings {
  /** At least one. */
  readonly maps: readonly ScoreMapName[];
  /** Folder of masks; null where there is none. */
  readonly masks: string | null;
}

export interface EvaluateMapsOptions {
  /** Where results are kept as they come, and taken from when there are some. */
  readonly journal?: Journal<VideoMaps> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Judges score maps of a model on a data set: of each video the centre crop of the first clip. A video that cannot be
 * decoded, or whose mask does not fit it, is a failure, and the work goes on; what is wrong with model or device ends it.
 *
 * @throws NothingEvaluatedError when every video failed; FfmpegMissingError; what inference throws; the signal's reason.
 */
export async function* evaluateMaps(
  dataSet: DataSet,
  settings: MapSettings,
  engine: AnalysisEngine,
  { journal, signal }: EvaluateMapsOptions = {},
): AsyncGenerator<FaithfulnessEvent, void, undefined> {
  const { model, runtime } = engine;
  const { videos } = dataSet;
  const outcomes = new Map((journal?.judged ?? []).map((outcome) => [outcome.video, outcome]));
  yield { type: 'start', start: { videos: videos.length, resumed: outcomes.size } };

  const unheard: { readonly code: string; readonly message: string }[] = [];
  using _listening = runtime.onWarning((warning) => void unheard.push(warning));
  const pending = videos.filter(({ index }) => !outcomes.has(index));
  for await (const clip of oneAhead(firstClips(pending, clipTiming(model), model.config.imageSize, signal))) {
    const outcome = await judgeVideo(clip, settings, engine, signal);
    outcomes.set(outcome.video, outcome);
    await journal?.add(outcome);

    const { path } = clip.video;
    for (const { code, message } of clip.warnings) yield { type: 'warning', path, warning: { code, message } };
    for (const { code, message } of unheard.splice(0))
      yield { type: 'warning', path: null, warning: { code, message } };
    if ('failure' in outcome) yield { type: 'failure', failure: outcome.failure };
    yield { type: 'progress', videosDone: outcomes.size, videosTotal: videos.length };
  }
  yield { type: 'done', faithfulness: faithfulnessReport(dataSet, settings.maps, engine, outcomes) };
}

async function judgeVideo(
  clip: FirstClip,
  { maps: wanted, masks }: MapSettings,
  { model }: AnalysisEngine,
  signal?: AbortSignal,
): Promise<VideoMaps> {
  const { index, path } = clip.video;
  if ('failure' in clip) return { video: index, failure: clip.failure };
  const { decoded, size } = clip;
  const { imageSize } = model.config;
  const [, { origin }] = cropOrigins(decoded.width, decoded.height, imageSize);
  let mask: Uint8Array | null = null;
  try {
    const file = masks === null ? null : maskPath(masks, clip.video);
    const whole = file === null ? null : await readVideoMask(file, size, signal);
    mask = whole === null ? null : maskOfView(whole, decoded, origin, imageSize);
  } catch (thrown) {
    signal?.throwIfAborted();
    if (thrown instanceof FfmpegMissingError) throw thrown;
    return { video: index, failure: { path, error: toErrorData(thrown) } };
  }
  const pixels = viewTensor(decoded, origin, imageSize, model.bundle.manifest.preprocessing);
  const judged = await judgeMaps(model, { pixels, mask, stream: index }, { maps: wanted, curves: true, signal });
  if (judged.predicted === null) throw new Error('Curves are about a class.');
  return { video: index, predicted: judged.predicted, maps: Object.fromEntries(judged.maps) };
}
