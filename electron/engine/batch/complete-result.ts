import type { AnalysisEvent, ViewScores } from '#contract/analysis.ts';
import type { AnalysisRequest } from '#contract/analysis-request.ts';
import { type AnalysisEngine, analyze } from '../analysis/analyze.ts';
import type { FinishedClip } from '../analysis/course.ts';
import { fullGmacs } from '../analysis/run-trunk.ts';
import { recordClip } from '../store/recorded-clip.ts';
import type { ResultFacts } from '../store/result.ts';
import type { OpenResult } from '../store/result-store.ts';
import type { VideoInfo } from '../video/video-info.ts';

/**
 * Computes what a result lacks, each clip being on disk before the next one is begun; tells of it as {@link analyze} does.
 *
 * @throws what the analysis throws, the signal's reason
 */
export async function* completeResult(
  video: VideoInfo,
  request: AnalysisRequest,
  engine: AnalysisEngine,
  result: OpenResult,
  signal: AbortSignal,
): AsyncGenerator<AnalysisEvent, void, undefined> {
  const finished = new Map<number, FinishedClip>();
  for (let record = 0; record < result.clips.count; record++) {
    const { clip, probabilities } = await result.clips.read(record);
    finished.set(clip.index, { clip, probabilities });
  }
  let scores: ViewScores[] = [];
  let facts: ResultFacts | undefined;
  const update = (change: Partial<ResultFacts>) => {
    if (facts === undefined) throw new Error('An analysis said something before it began.');
    facts = { ...facts, ...change, changedAt: Date.now() };
    result.update(facts);
  };
  for await (const event of analyze(video, request, engine, signal, { finished })) {
    if (event.type === 'start') {
      const gmacsFullPerView = fullGmacs(engine.model);
      const warnings = result.facts?.warnings ?? [];
      facts = { ...event.start, request, gmacsFullPerView, warnings, outcome: null, changedAt: 0 };
      update({});
    } else if (event.type === 'scores') {
      scores = [...scores, event.view];
    } else if (event.type === 'clip') {
      await result.clips.append(recordClip(event.clip, event.probabilities, scores));
      scores = [];
    } else if (event.type === 'warning') {
      const known = facts?.warnings ?? [];
      if (known.every(({ message }) => message !== event.warning.message)) {
        update({ warnings: [...known, event.warning] });
      }
    } else if (event.type === 'done') {
      const { device, summary, timing, video: seen } = event.analysis;
      update({ device, video: seen, outcome: { device, summary, timing } });
    }
    yield event;
  }
}
