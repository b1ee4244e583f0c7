import type { CommandId } from '#contract/commands.ts';
import { actionIntervals, DEFAULT_INTERVAL_RULE, probabilitiesOf } from '#contract/intervals.ts';
import type { Commands } from '../keyboard/commands.ts';
import type { Analysis } from './analysis.svelte.ts';
import type { Playback } from './playback.svelte.ts';

const STEP_SECONDS = 1;

/** Lets menu and keys move through the video, until the result is called. */
export function handlePlayback(commands: Commands, playback: Playback, analysis: Analysis): () => void {
  const leap = (starts: readonly number[], direction: 1 | -1) => {
    const target = nextOf(starts, playback.seconds, direction, 1 / (analysis.video?.framesPerSecond ?? 30));
    if (target !== null) playback.seekToFrameFrom(target);
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
    ['playback.previous-interval', () => leap(startsOfIntervals(analysis), -1)],
    ['playback.next-interval', () => leap(startsOfIntervals(analysis), 1)],
    ['playback.previous-disagreement', () => leap(startsOfDisagreements(analysis), -1)],
    ['playback.next-disagreement', () => leap(startsOfDisagreements(analysis), 1)],
    ['playback.start', () => playback.seek(0)],
    ['playback.end', () => playback.seekToEnd()],
  ];
  const stops = handlers.map(([command, handler]) => commands.handle(command, handler));
  return () => {
    for (const stop of stops) stop();
  };
}

/**
 * The nearest of some moments in a direction; null when there is none.
 *
 * @param frameSeconds A frame on screen may have begun so much after the moment that it was sought for.
 */
export function nextOf(
  ascending: readonly number[],
  seconds: number,
  direction: 1 | -1,
  frameSeconds: number,
): number | null {
  const slack = 1e-3;
  const found =
    direction === 1
      ? ascending.find((one) => one > seconds + slack)
      : ascending.findLast((one) => one < seconds - frameSeconds - slack);
  return found ?? null;
}

function startsOfIntervals({ clips }: Analysis): readonly number[] {
  const classified = clips.flatMap((clip) => {
    if (clip === undefined || clip.result === null || clip.probabilities === null) return [];
    const { index, startSeconds, endSeconds } = clip.result;
    const probabilities = probabilitiesOf(clip.result, clip.probabilities, DEFAULT_INTERVAL_RULE.basis);
    return [{ index, startSeconds, endSeconds, probabilities }];
  });
  return actionIntervals(classified, DEFAULT_INTERVAL_RULE).map(({ startSeconds }) => startSeconds);
}

function startsOfDisagreements({ clips }: Analysis): readonly number[] {
  return clips.flatMap((clip) => (clip?.result?.threeClip?.agrees === false ? [clip.result.startSeconds] : []));
}
