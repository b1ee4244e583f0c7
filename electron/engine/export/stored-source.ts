import { access } from 'node:fs/promises';
import { basename } from 'node:path';
import { ExportUnavailableError, FileNotFoundError, UndecodableVideoError } from '#contract/errors.ts';
import type { ExportSettings } from '#contract/export-choice.ts';
import type { Provenance } from '#contract/exports.ts';
import type { Bundle } from '#native-models/bundle/load-bundle.ts';
import { documentOf, placedClips } from '../api/document.ts';
import { fileDigest } from '../files/file-digest.ts';
import type { KnownVideo } from '../files/known-videos.ts';
import { PROGRAM_VERSION } from '../program-version.ts';
import type { ResultFacts } from '../store/result.ts';
import type { OpenResult } from '../store/result-store.ts';
import { type DecodedClip, decodeClips } from '../video/decode.ts';
import { planClips } from '../video/plan.ts';
import type { VideoInfo } from '../video/video-info.ts';
import type { ExportSource } from './export-source.ts';

/** What an export is made from. All of it belongs to the same analysis. */
export interface StoredParts {
  readonly result: OpenResult;
  readonly video: KnownVideo;
  readonly bundle: Pick<Bundle, 'manifest' | 'labels'>;
}

/**
 * A stored result as exports see it, for as long as the result is open.
 *
 * @throws JobUnavailableError when the analysis is not complete; ExportUnavailableError when the file is another one by now
 */
export async function storedSource({ result, video, bundle }: StoredParts): Promise<ExportSource> {
  if (video.content !== result.key.content) {
    throw new ExportUnavailableError(`${video.info.path} has changed since it was analysed.`, {
      hint: 'Analyse it again.',
    });
  }
  const placed = await placedClips(result);
  const analysis = await documentOf(result, placed);
  const { facts } = result;
  if (facts === null) throw new Error('A result has a document and no facts.');
  let digest: Promise<{ sha256: string; bytes: number }> | undefined;
  return {
    // The file may have another name by now.
    analysis: { ...analysis, video: { ...analysis.video, path: video.info.path } },
    video: video.info,
    labels: bundle.labels,
    async *clips() {
      for (const { record } of placed) yield await result.clips.read(record);
    },
    async clip(index) {
      const found = placed.find(({ clip }) => clip.index === index);
      if (found === undefined) throw new RangeError(`There is no clip ${index}.`);
      return result.clips.read(found.record);
    },
    pictures: (clips, shortSide, signal) => pictures(video.info, facts, clips, shortSide, signal),
    async provenance(settings, signal) {
      digest ??= fileDigest(video.info.path, signal);
      const file = await digest.catch((thrown: unknown) => {
        digest = undefined;
        throw thrown;
      });
      return provenanceOf(facts, bundle, { name: basename(video.info.path), ...file }, settings);
    },
  };
}

async function* pictures(
  video: VideoInfo,
  { model, settings, request }: ResultFacts,
  wanted: readonly number[],
  shortSide: number,
  signal: AbortSignal | undefined,
): AsyncGenerator<DecodedClip, void, undefined> {
  const { numFrames, samplingRate } = model;
  const { strideSeconds } = settings;
  const { span } = request;
  const plan = planClips(video, { numFrames, samplingRate, strideSeconds, ...(span === undefined ? {} : { span }) });
  const chosen = plan.filter(({ index }) => wanted.includes(index));
  let given = 0;
  try {
    for await (const decoded of decodeClips(video, chosen, { shortSide, signal })) {
      given += 1;
      yield decoded;
    }
  } catch (thrown) {
    signal?.throwIfAborted();
    await requireThere(video.path);
    throw thrown;
  }
  if (given === wanted.length) return;
  await requireThere(video.path);
  throw new UndecodableVideoError(`Of ${wanted.length} clips of ${video.path} only ${given} can be decoded again.`, {
    hint: 'The file may have been changed or damaged. Analyse it again.',
  });
}

async function requireThere(path: string): Promise<void> {
  await access(path).catch((cause: unknown) => {
    throw new FileNotFoundError(`${path} is gone.`, { hint: 'Put it back where it was, and export again.', cause });
  });
}

function provenanceOf(
  { changedAt, device, outcome, settings }: ResultFacts,
  { manifest }: StoredParts['bundle'],
  source: Provenance['source'],
  { intervals }: ExportSettings,
): Provenance {
  const { name, title, weights, licence, trained } = manifest;
  return {
    program: { name: 'Patchlight', version: PROGRAM_VERSION },
    analysedAt: new Date(changedAt).toISOString(),
    source,
    model: { name, title, weights: { bytes: weights.bytes, sha256: weights.sha256 }, licence, trained },
    device: outcome?.device ?? device,
    settings,
    intervals,
  };
}
