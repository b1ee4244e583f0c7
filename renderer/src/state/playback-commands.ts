import type { CommandId } from '#contract/commands.ts';
import type { TimeSpan } from '#contract/intervals.ts';
import { nextStart, previousStart } from '../timeline/find-step.ts';
import type { AppState } from './app-state.ts';

const STEP_SECONDS = 1;

/** Lets menu and keys move through the video, until the result is called. */
export function handlePlayback({ session, playback, actions, analysis }: AppState): () => void {
  const next = (spans: readonly TimeSpan[]) => {
    const start = nextStart(spans, playback.seconds);
    if (start !== null) playback.seekToFrameFrom(start);
  };
  const previous = (spans: readonly TimeSpan[]) => {
    // The frame on screen may have begun up to a frame after the moment that was sought.
    const start = previousStart(spans, playback.seconds - 1 / (analysis.video?.framesPerSecond ?? 30));
    if (start !== null) playback.seekToFrameFrom(start);
  };
  const handlers: readonly (readonly [CommandId, () => unknown])[] = [
    ['playback.toggle', () => playback.toggle()],
    ['playback.backwards', () => playback.backwards()],
    ['playback.pause', () => playback.pause()],
    ['playback.forwards', () => playback.forwards()],
    ['playback.previous-frame', () => playback.step(-1)],
    ['playback.next-frame', () => playback.step(1)],
    ['playback.step-back', () => playback.seek(playback.seconds - STEP_SECONDS)],
    ['playback.step-forward', () => playback.seek(playback.seconds + STEP_SECONDS)],
    ['playback.previous-interval', () => previous(actions.intervals)],
    ['playback.next-interval', () => next(actions.intervals)],
    ['playback.previous-disagreement', () => previous(actions.disagreements)],
    ['playback.next-disagreement', () => next(actions.disagreements)],
    ['playback.start', () => playback.seek(0)],
    ['playback.end', () => playback.seekToEnd()],
  ];
  const stops = handlers.map(([command, handler]) => session.commands.handle(command, handler));
  return () => {
    for (const stop of stops) stop();
  };
}
