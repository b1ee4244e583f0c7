import { cubicOut } from 'svelte/easing';
import { prefersReducedMotion, Tween } from 'svelte/motion';
import type { TimeSpan } from '#contract/intervals.ts';
import { moved, shows, turnedTo, whole, zoomed } from './viewport.ts';

const CALM_MS = 180;
const STEP = 1.6;

/** What a timeline shows just now. */
export class TimelineView {
  readonly #durationSeconds: () => number;
  readonly #seconds: () => number;
  readonly #span: Tween<TimeSpan>;

  /** @param seconds the playhead, around which keys and buttons zoom */
  constructor(durationSeconds: () => number, seconds: () => number) {
    this.#durationSeconds = durationSeconds;
    this.#seconds = seconds;
    this.#span = new Tween(whole(durationSeconds()), { easing: cubicOut, duration: 0 });
  }

  get span(): TimeSpan {
    return this.#span.current;
  }

  get isWhole(): boolean {
    const { startSeconds, endSeconds } = this.#span.target;
    return startSeconds <= 0 && endSeconds >= this.#durationSeconds();
  }

  /** Shows exactly this, at once. */
  show(span: TimeSpan): void {
    void this.#span.set(span);
  }

  showWhole(): void {
    this.#glide(whole(this.#durationSeconds()));
  }

  zoomIn(): void {
    this.#step(STEP);
  }

  zoomOut(): void {
    this.#step(1 / STEP);
  }

  /** @returns Whether that changed anything. */
  zoom(factor: number, aroundSeconds: number): boolean {
    const before = this.#span.target;
    const after = zoomed(before, factor, aroundSeconds, this.#durationSeconds());
    this.show(after);
    return before.startSeconds !== after.startSeconds || before.endSeconds !== after.endSeconds;
  }

  move(bySeconds: number): void {
    this.show(moved(this.#span.target, bySeconds, this.#durationSeconds()));
  }

  /** Whether a moment is shown, or will be once the movement is over. */
  shows(seconds: number): boolean {
    return shows(this.#span.target, seconds);
  }

  turnTo(seconds: number): void {
    this.#glide(turnedTo(this.#span.target, seconds, this.#durationSeconds()));
  }

  #step(factor: number): void {
    const { startSeconds, endSeconds } = this.#span.target;
    const around = this.shows(this.#seconds()) ? this.#seconds() : (startSeconds + endSeconds) / 2;
    this.#glide(zoomed(this.#span.target, factor, around, this.#durationSeconds()));
  }

  #glide(span: TimeSpan): void {
    void this.#span.set(span, { duration: prefersReducedMotion.current ? 0 : CALM_MS });
  }
}
