import { firstSlot, type SampleGrid } from './sample-grid.ts';

/** A decoded frame as it stands on the time line. */
export interface ShownFrame {
  /** Number in presentation order, counted from the first frame that this run decoded. */
  readonly number: number;
  /** Time stamp in microseconds of the run's clock. */
  readonly microseconds: number;
  /** First sampled moment that may show it. */
  readonly firstSlot: number;
  readonly isKey: boolean;
}

/** What `showinfo` writes about a frame; the fields between differ from version to version. */
const SHOWN = /showinfo.*\bn:\s*(\d+)\s+pts:\s*(-?\d+)\s.*\biskey:(\d)/;

/** Reads one log line of `showinfo`; `null` for any other. */
export function parseShown(line: string): { number: number; microseconds: number; isKey: boolean } | null {
  const match = SHOWN.exec(line);
  return match === null ? null : { number: Number(match[1]), microseconds: Number(match[2]), isKey: match[3] === '1' };
}

/**
 * Which decoded frame each slot shows, from ffmpeg's log.
 *
 * The log and the pictures come through different pipes, so an answer may have to wait for the log.
 */
export class ShownFrames {
  readonly #grid: SampleGrid;
  /** Frames that a later question may need: the one on screen, and those after it. */
  readonly #queue: ShownFrame[] = [];
  #zero: number | undefined;
  #first: ShownFrame | undefined;
  #last: ShownFrame | undefined;
  #keySeen = false;
  #complete = false;

  /** @param zero time stamp of the video's first frame on the run's clock; by default the first that is decoded. */
  constructor(grid: SampleGrid, zero?: number) {
    this.#grid = grid;
    this.#zero = zero;
  }

  /** Takes one log line; tells whether it was about a frame, and whether that answers a question about a slot. */
  note(line: string): 'other' | 'frame' | 'next slot' {
    const facts = parseShown(line);
    if (facts === null) return 'other';
    this.#zero ??= facts.microseconds;
    const frame: ShownFrame = { ...facts, firstSlot: firstSlot(this.#grid, facts.microseconds - this.#zero) };
    this.#first ??= frame;
    this.#last = frame;
    this.#keySeen ||= frame.isKey && frame.firstSlot <= 0;
    const previous = this.#queue.at(-1);
    // Of the frames before the next sampled moment only the last can ever be on screen at one.
    if (previous !== undefined && frame.firstSlot <= previous.firstSlot) {
      this.#queue[this.#queue.length - 1] = frame;
      return 'frame';
    }
    this.#queue.push(frame);
    return 'next slot';
  }

  /** The log has ended: the last frame stays on screen. */
  complete(): void {
    this.#complete = true;
  }

  get first(): ShownFrame | undefined {
    return this.#first;
  }

  get last(): ShownFrame | undefined {
    return this.#last;
  }

  /** Whether a key frame came before the first sampled moment, so that what it shows was decoded whole. */
  get startsClean(): boolean {
    return this.#keySeen;
  }

  /** The frame on screen at a slot, or `null` while the log has not reached the next frame. Ask in ascending order. */
  at(slot: number): ShownFrame | null {
    while ((this.#queue[1]?.firstSlot ?? Number.POSITIVE_INFINITY) <= slot) this.#queue.shift();
    const onScreen = this.#queue[0];
    return onScreen !== undefined && (this.#queue.length > 1 || this.#complete) ? onScreen : null;
  }

  /** Seconds from the video's first frame. */
  seconds(frame: ShownFrame): number {
    return (frame.microseconds - (this.#zero ?? 0)) / 1_000_000;
  }
}
