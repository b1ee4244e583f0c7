import type { ClipResult } from '#contract/analysis.ts';
import { ownSpans } from '#contract/intervals.ts';

/** Which sampled frames of a clip a moment shows: `frame`, or a share of `next` besides. */
export interface ShownFrame {
  readonly frame: number;
  readonly next: number;
  /** Of `next`, 0 … 1. */
  readonly share: number;
}

/** From when on the annotations show what. */
export interface ShownMoment {
  /** Seconds from the first presented frame. */
  readonly seconds: number;
  /** Null where no clip is. */
  readonly clip: ClipResult | null;
  readonly shown: ShownFrame | null;
  /** Tenths of a second on the clock. */
  readonly tenths: number;
}

export interface MomentOptions {
  readonly between: 'hold' | 'blend';
  /** Whether a clock is shown, which ticks. */
  readonly clock: boolean;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/**
 * Time stamps are rounded to their clock: a change that falls on a frame comes this much before it, and one half-way between
 * two sampled frames this much after, so that the earlier frame counts there.
 */
const SLACK_SECONDS = 5e-4;

/** Distance of the steps in which two sampled frames are blended. */
const BLEND_STEP_SECONDS = 0.05;

/**
 * Every moment at which the annotations change, in order, the first at or before `fromSeconds`. A clip is shown where it is the
 * one whose centre is nearest, as the timeline does it.
 */
export function* shownMoments(clips: readonly ClipResult[], options: MomentOptions): Generator<ShownMoment> {
  const { fromSeconds, toSeconds } = options;
  const spans = ownSpans(clips);
  let until = fromSeconds;
  for (const [i, clip] of clips.entries()) {
    const span = spans[i];
    if (span === undefined || span.endSeconds <= until || span.startSeconds >= toSeconds) continue;
    const start = Math.max(until, span.startSeconds);
    if (start > until + 2 * SLACK_SECONDS) yield* ticks(until, start, null, options);
    // The frame that is on screen at the end belongs to the next clip.
    until = Math.min(span.endSeconds, toSeconds);
    yield* ticks(start, until, clip, options);
  }
  if (until < toSeconds) yield* ticks(until, toSeconds, null, options);
}

/** What the annotations show on a frame that appears at `seconds`. */
export function momentAt(
  clips: readonly ClipResult[],
  seconds: number,
  between: MomentOptions['between'],
): ShownMoment {
  const fromSeconds = Math.max(0, seconds - 2 * BLEND_STEP_SECONDS);
  const options = { between, clock: true, fromSeconds, toSeconds: seconds + 2 * SLACK_SECONDS };
  let shown: ShownMoment | undefined;
  for (const moment of shownMoments(clips, options)) if (moment.seconds <= seconds) shown = moment;
  if (shown === undefined) throw new RangeError(`There is nothing at ${seconds} s.`);
  return shown;
}

/** The changes from `from` up to, but not with, `to`. */
function* ticks(from: number, to: number, clip: ClipResult | null, options: MomentOptions): Generator<ShownMoment> {
  const times = [from - SLACK_SECONDS];
  const add = (seconds: number) => {
    if (seconds > from + SLACK_SECONDS && seconds < to - SLACK_SECONDS) times.push(seconds);
  };
  if (options.clock) {
    for (let tenth = Math.ceil(from * 10); tenth / 10 < to; tenth++) add(tenth / 10 - SLACK_SECONDS);
  }
  const frames = clip?.frameSeconds ?? [];
  for (const [i, frame] of frames.entries()) {
    const next = frames[i + 1];
    if (next === undefined || next <= frame) continue;
    if (options.between === 'hold') {
      add((frame + next) / 2 + SLACK_SECONDS);
    } else {
      for (let s = frame; s < next; s += BLEND_STEP_SECONDS) add(s - SLACK_SECONDS);
      add(next - SLACK_SECONDS);
    }
  }
  times.sort((a, b) => a - b);
  for (const [i, seconds] of times.entries()) {
    if (i > 0 && seconds - (times[i - 1] ?? 0) < SLACK_SECONDS / 10) continue;
    // What counts is the frame that comes then, not the moment just before it.
    const moment = seconds + SLACK_SECONDS;
    yield {
      seconds,
      clip,
      shown: clip === null ? null : framesAt(frames, moment, options.between),
      tenths: Math.max(0, Math.floor(moment * 10 + 1e-6)),
    };
  }
}

function framesAt(frames: readonly number[], seconds: number, between: 'hold' | 'blend'): ShownFrame | null {
  if (frames.length === 0) return null;
  const after = frames.findIndex((frame) => frame > seconds);
  if (after <= 0) {
    // At a video's end the last frame may be there several times.
    const only = after === 0 ? 0 : frames.indexOf(frames[frames.length - 1] ?? 0);
    return { frame: only, next: only, share: 0 };
  }
  const before = frames.indexOf(frames[after - 1] ?? 0);
  const share = (seconds - (frames[before] ?? 0)) / ((frames[after] ?? 0) - (frames[before] ?? 0));
  if (between === 'blend') return { frame: before, next: after, share };
  // A change half-way comes SLACK_SECONDS after the middle.
  const nearest = share > 0.5 ? after : before;
  return { frame: nearest, next: nearest, share: 0 };
}
