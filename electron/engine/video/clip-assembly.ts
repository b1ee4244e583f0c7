import type { PlannedClip } from './plan.ts';
import type { SampleGrid } from './sample-grid.ts';

/** The pictures that a clip's sampled moments show. */
export interface DecodedClip {
  readonly clip: PlannedClip;
  readonly width: number;
  readonly height: number;
  /** RGB, `[T, height, width, 3]`, 0–255. */
  readonly frames: Uint8Array;
  /** For every sample, which presented frame it shows, from 0. */
  readonly frameIndices: readonly number[];
  /** When these frames appear, in seconds from the first presented frame. */
  readonly frameSeconds: readonly number[];
}

/** A presented frame's place in the video. */
export interface FramePlace {
  readonly index: number;
  readonly seconds: number;
}

interface OpenClip {
  readonly frames: Uint8Array;
  readonly places: FramePlace[];
}

/**
 * Puts the pictures of ascending slots, and what the log says about them, together to clips.
 * Clips may overlap; pictures may be ahead of the log.
 */
export class ClipAssembly {
  readonly #run: readonly PlannedClip[];
  readonly #grid: SampleGrid;
  readonly #size: { readonly width: number; readonly height: number };
  readonly #open = new Map<number, OpenClip>();
  #nextClip = 0;
  #lastPixels: Uint8Array | undefined;
  #lastPlace: FramePlace | undefined;
  #pictures = 0;
  #places = 0;

  constructor(run: readonly PlannedClip[], grid: SampleGrid, size: { width: number; height: number }) {
    this.#run = run;
    this.#grid = grid;
    this.#size = size;
  }

  /** Slots whose picture has come. */
  get pictures(): number {
    return this.#pictures;
  }

  /** Slots whose frame is known by number and time. */
  get places(): number {
    return this.#places;
  }

  /** Takes the picture of the next slot: RGB, `[height, width, 3]`. */
  addPicture(pixels: Uint8Array): void {
    for (const [clip, sample] of this.#samplesAt(this.#pictures)) {
      this.#clip(clip).frames.set(pixels, sample * pixels.length);
    }
    this.#lastPixels = pixels;
    this.#pictures++;
  }

  /** Takes the place of the frame that the next slot shows. */
  addPlace(place: FramePlace): void {
    for (const [clip, sample] of this.#samplesAt(this.#places)) this.#clip(clip).places[sample] = place;
    this.#lastPlace = place;
    this.#places++;
  }

  /** The next clip in order, once all of it is there. */
  take(): DecodedClip | null {
    const clip = this.#run[this.#nextClip];
    if (clip === undefined || Math.min(this.#pictures, this.#places) <= this.#lastSlot(this.#nextClip)) return null;
    const { frames, places } = this.#clip(this.#nextClip);
    this.#open.delete(this.#nextClip);
    this.#nextClip++;
    return {
      clip,
      ...this.#size,
      frames,
      frameIndices: places.map(({ index }) => index),
      frameSeconds: places.map(({ seconds }) => seconds),
    };
  }

  /** The clip that {@link take} waits for. */
  get awaited(): PlannedClip | undefined {
    return this.#run[this.#nextClip];
  }

  /** After the end: the last picture stays for as long as the awaited clip lasts. False where there never was one. */
  holdLast(): boolean {
    const lastSlot = this.#lastSlot(this.#nextClip);
    if (this.#lastPixels === undefined || this.#lastPlace === undefined) return false;
    while (this.#places <= lastSlot) this.addPlace(this.#lastPlace);
    while (this.#pictures <= lastSlot) this.addPicture(this.#lastPixels);
    return true;
  }

  #lastSlot(clip: number): number {
    return clip * this.#grid.residues.length + Math.max(...this.#grid.slotOffsets);
  }

  /** Which samples of which clips look at a slot. */
  *#samplesAt(slot: number): Generator<[clip: number, sample: number]> {
    const perStep = this.#grid.residues.length;
    for (const [sample, offset] of this.#grid.slotOffsets.entries()) {
      const clip = (slot - offset) / perStep;
      if (Number.isInteger(clip) && clip >= this.#nextClip && clip < this.#run.length) yield [clip, sample];
    }
  }

  #clip(index: number): OpenClip {
    let clip = this.#open.get(index);
    if (clip === undefined) {
      const { width, height } = this.#size;
      clip = { frames: new Uint8Array(this.#grid.slotOffsets.length * width * height * 3), places: [] };
      this.#open.set(index, clip);
    }
    return clip;
  }
}
