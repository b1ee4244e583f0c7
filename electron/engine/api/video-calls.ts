import { basename } from 'node:path';
import type { EngineImplementation } from '#contract/engine-api.ts';
import type { Video } from '#contract/videos.ts';
import { listLibrary } from '../files/library.ts';
import { playbackOf } from '../video/playback.ts';
import type { Workspace } from './workspace.ts';

/** What windows may ask about videos. */
export function videoCalls(workspace: Workspace): EngineImplementation['videos'] {
  const { files, videos, recent, receipts, results, previews, library } = workspace;

  const open = async (path: string, remember: boolean): Promise<Video> => {
    const { info, sizeBytes, content } = await videos.look(path);
    if (remember) recent.add(path, info.durationSeconds);
    const { container, codec, width, height, rotation, framesPerSecond, constantRate, presentedFrames } = info;
    const { durationSeconds, startSeconds, interlaced, bitDepth, hasAudio, warnings } = info;
    return {
      ...{ ...files.remember(path), sizeBytes, container, codec, width, height, rotation, framesPerSecond },
      ...{ constantRate, presentedFrames, durationSeconds, startSeconds, interlaced, bitDepth, hasAudio },
      name: basename(path),
      playback: playbackOf(info),
      warnings: warnings.map(({ code, message }) => ({ code, message })),
      results: await results.list(content),
    };
  };

  return {
    open: ({ file }) => open(files.path(file), !files.isTemporary(file)),
    openSample: () => open(workspace.sample, false),

    async *preview({ file }, { signal }) {
      const video = await videos.look(files.path(file));
      for await (const step of previews.make(video, signal)) {
        if (step.kind === 'done') yield { type: 'done', preview: files.remember(step.path, true).file };
        else yield { type: 'progress', secondsDone: step.secondsDone, secondsTotal: video.info.durationSeconds };
      }
    },

    recent: () => recent.all,
    forget: ({ file }) => recent.forget(file),
    forgetAll: () => recent.forget(),
    library: () => (library === null ? [] : listLibrary(library, files, (path) => receipts.isOurs(path))),
  };
}
