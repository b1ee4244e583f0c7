import type { Video } from '#contract/videos.ts';
import type { Analysis } from './analysis.svelte.ts';
import { type FrameTarget, frameAt, frameBeside, frameFrom, lastFrame } from './frame-times.ts';
import { neighbouringFrame } from './neighbouring-frame.ts';

/** How the picture is: a player that cannot decode it leaves everything else to work. */
export type PictureState = 'loading' | 'shown' | 'unplayable';

const FASTEST = 8;
/** A player that has something to show shows it by then, unless nobody sees the page. */
const PATIENCE_MS = 700;
const MOST_STEPS_WAITING = 2;
/** A player that has not found a frame by then will not. */
const LOOK_MS = 5000;

/**
 * The moment on screen, and the player that shows it. Seconds count from the first presented frame, and are those of the
 * frame that is really on screen. Without a player, or with one that cannot play the video, a clock takes its place.
 */
export class Playback {
  readonly #analysis: Analysis;
  #element: HTMLVideoElement | null = null;
  #video = $state.raw<Video | null>(null);
  #seconds = $state(0);
  #speed = $state(0);
  #picture = $state<PictureState>('loading');
  #isMuted = $state(false);
  /** What the player calls the first presented frame. */
  #offsetSeconds = 0;
  /** What the player is looking for, and what it is to look for then. */
  #sought: number | null = null;
  #next: number | null = null;
  #latest: number | null = null;
  #callback = 0;
  #tick = 0;
  /** Another one than before where something else was sought meanwhile. */
  #search = 0;
  #stepsWaiting = 0;
  #lastStep: Promise<void> = Promise.resolve();
  /** Who waits for the frame that is on screen at a moment. */
  #awaited: { readonly seconds: number; readonly resolve: (frameSeconds: number) => void } | null = null;

  constructor(analysis: Analysis) {
    this.#analysis = analysis;
  }

  /** Begins anew with another video, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { video } = this.#analysis;
      if (video === null) return;
      if (video.file !== this.#video?.file) {
        this.#setSpeed(0);
        this.#seconds = 0;
      }
      this.#video = video;
    });
  }

  /** Beginning of the frame on screen. */
  get seconds(): number {
    return this.#seconds;
  }

  get durationSeconds(): number {
    return this.#video?.durationSeconds ?? 0;
  }

  /** 0 while paused, negative backwards. */
  get speed(): number {
    return this.#speed;
  }

  get isPlaying(): boolean {
    return this.#speed !== 0;
  }

  get picture(): PictureState {
    return this.#picture;
  }

  get isMuted(): boolean {
    return this.#isMuted;
  }

  toggleSound(): void {
    this.#isMuted = !this.#isMuted;
    if (this.#element !== null) this.#element.muted = this.#isMuted;
  }

  toggle(): void {
    this.#setSpeed(this.isPlaying ? 0 : 1);
  }

  pause(): void {
    this.#setSpeed(0);
  }

  /** Plays; once more, faster. */
  forwards(): void {
    this.#setSpeed(this.#speed > 0 ? Math.min(FASTEST, 2 * this.#speed) : 1);
  }

  backwards(): void {
    this.#setSpeed(this.#speed < 0 ? Math.max(-FASTEST, 2 * this.#speed) : -1);
  }

  /** Shows the frame that is on screen at a moment. */
  seek(seconds: number): void {
    if (this.#video !== null) this.#goTo(frameAt(seconds, this.#video));
  }

  /** Shows the first frame that begins at a moment or after it, such as that of a clip. */
  seekToFrameFrom(seconds: number): void {
    if (this.#video !== null) this.#goTo(frameFrom(seconds, this.#video));
  }

  seekToEnd(): void {
    if (this.#video !== null) this.#goTo(lastFrame(this.#video));
  }

  /** Pauses at the frame after the one on screen, or at the one before it. */
  async step(direction: 1 | -1): Promise<void> {
    const video = this.#video;
    if (video === null) return;
    this.pause();
    if (video.constantRate || this.#player === null) {
      this.#goTo(frameBeside(this.#seconds, direction, video));
      return;
    }
    // A key that is held down asks for more steps than can be taken.
    if (this.#stepsWaiting > MOST_STEPS_WAITING) return;
    this.#stepsWaiting += 1;
    const search = this.#search;
    this.#lastStep = this.#lastStep.then(() => this.#stepByLooking(direction, video, search));
    await this.#lastStep;
    this.#stepsWaiting -= 1;
  }

  /**
   * Gives a player of the video on screen to this; the result takes it away again.
   *
   * @param startSeconds What the player calls the first presented frame.
   */
  attach(element: HTMLVideoElement, startSeconds: number): () => void {
    const stop = new AbortController();
    const { signal } = stop;
    this.#element = element;
    this.#picture = 'loading';
    this.#offsetSeconds = startSeconds;
    this.#sought = null;
    this.#next = null;
    element.muted = this.#isMuted;
    const fail = () => {
      this.#picture = 'unplayable';
      if (this.#speed > 0) this.#run();
    };
    element.addEventListener('error', fail, { signal });
    // A player may take the sound and leave the picture.
    element.addEventListener('loadedmetadata', () => element.videoWidth === 0 && fail(), { signal });
    element.addEventListener('loadeddata', () => setTimeout(() => this.#begin(element), PATIENCE_MS), { signal });
    element.addEventListener('seeked', () => this.#seeked(), { signal });
    // News of a pause that is over by now says nothing.
    const rest = () => this.#speed > 0 && element.paused && this.#setSpeed(0);
    element.addEventListener('pause', rest, { signal });
    // Fast as it was, it may have left out the last frames.
    element.addEventListener('ended', () => this.#speed >= 0 && element.ended && this.seekToEnd(), { signal });
    // Nobody is called for frames that nobody sees.
    const follow = () => {
      if (document.hidden && this.#sought === null) this.#seconds = this.#timeOf(element.currentTime);
    };
    element.addEventListener('timeupdate', follow, { signal });
    this.#callback = element.requestVideoFrameCallback(this.#onFrame);
    return () => {
      stop.abort();
      element.cancelVideoFrameCallback(this.#callback);
      cancelAnimationFrame(this.#tick);
      this.#speed = 0;
      this.#search++;
      if (this.#element === element) this.#element = null;
    };
  }

  readonly #onFrame = (_now: number, { mediaTime }: VideoFrameCallbackMetadata): void => {
    const element = this.#element;
    if (element === null) return;
    this.#callback = element.requestVideoFrameCallback(this.#onFrame);
    if (this.#picture === 'loading') {
      this.#begin(element);
      return;
    }
    const seconds = this.#timeOf(mediaTime);
    this.#latest = seconds;
    if (this.#sought !== null || this.#next !== null) return;
    this.#show(seconds);
  };

  /** The first frame is there, or must be: go to where the last player was. */
  #begin(element: HTMLVideoElement): void {
    if (this.#element !== element || this.#picture !== 'loading') return;
    this.#picture = 'shown';
    if (this.#seconds > 0) this.seek(this.#seconds);
    if (this.#speed !== 0) this.#run();
  }

  #timeOf(mediaTime: number): number {
    return Math.max(0, mediaTime - this.#offsetSeconds);
  }

  /** The player, where it shows the video. */
  get #player(): HTMLVideoElement | null {
    return this.#picture === 'shown' ? this.#element : null;
  }

  #goTo({ seekSeconds, frameSeconds }: FrameTarget): void {
    this.#search++;
    this.#seconds = frameSeconds;
    this.#seekPlayer(seekSeconds);
    if (this.#speed !== 0) this.#run();
  }

  /** One at a time: a player that is asked for another moment before it has shown one shows none. */
  #seekPlayer(seconds: number): void {
    const player = this.#player;
    if (player === null) return;
    if (this.#sought !== null) {
      this.#next = seconds;
      return;
    }
    this.#sought = seconds;
    this.#latest = null;
    player.currentTime = seconds + this.#offsetSeconds;
  }

  #seeked(): void {
    const sought = this.#sought;
    const next = this.#next;
    this.#sought = null;
    this.#next = null;
    if (next !== null) {
      this.#seekPlayer(next);
      return;
    }
    if (this.#speed > 0) this.#run();
    const latest = this.#latest;
    // The frame may have been on screen before it was announced that it would be.
    if (sought !== null && latest !== null && latest <= sought) this.#show(latest);
  }

  #show(frameSeconds: number): void {
    this.#seconds = frameSeconds;
    // One that begins later was sought before.
    if (this.#awaited !== null && frameSeconds <= this.#awaited.seconds) this.#awaited.resolve(frameSeconds);
  }

  async #stepByLooking(direction: 1 | -1, video: Video, search: number): Promise<void> {
    if (search !== this.#search) return;
    const reached = await neighbouringFrame((seconds) => this.#look(seconds, search), direction, {
      from: this.#seconds,
      frameSeconds: 1 / video.framesPerSecond,
      endSeconds: video.durationSeconds,
    });
    if (search === this.#search) this.#seconds = reached;
  }

  /** Seeks to a moment and waits for its frame. */
  async #look(seconds: number, search: number): Promise<number> {
    if (search !== this.#search) return this.#seconds;
    this.#seekPlayer(seconds);
    return new Promise((resolve) => {
      const timer = setTimeout(() => finish(this.#seconds), LOOK_MS);
      const finish = (frameSeconds: number) => {
        clearTimeout(timer);
        this.#awaited = null;
        resolve(frameSeconds);
      };
      this.#awaited = { seconds, resolve: finish };
    });
  }

  #setSpeed(speed: number): void {
    if (speed > 0 && this.#video !== null && this.#seconds >= lastFrame(this.#video).frameSeconds) this.seek(0);
    this.#speed = speed;
    this.#run();
  }

  /** Makes player or clock go as fast as is wanted, from where they are. */
  #run(): void {
    cancelAnimationFrame(this.#tick);
    const player = this.#player;
    const speed = this.#speed;
    if (player !== null && speed > 0) {
      // From where it is still, it might reach the end: it begins once it is where it is to go.
      if (this.#sought !== null && player.paused) return;
      player.playbackRate = speed;
      player.play().catch(() => {
        if (this.#player === player && player.paused) this.#speed = 0;
      });
      return;
    }
    player?.pause();
    if (speed !== 0) this.#runClock(performance.now(), this.#seconds, speed);
  }

  /** Players cannot play backwards: they are led from moment to moment, as fast as they can follow. */
  #runClock(since: number, from: number, speed: number): void {
    this.#tick = requestAnimationFrame((now) => {
      const video = this.#video;
      if (video === null || this.#speed !== speed) return;
      const target = frameAt(from + (speed * Math.max(0, now - since)) / 1000, video);
      this.#seconds = target.frameSeconds;
      this.#seekPlayer(target.seekSeconds);
      const isOver = speed < 0 ? target.frameSeconds <= 0 : target.frameSeconds >= lastFrame(video).frameSeconds;
      if (isOver) this.#speed = 0;
      else this.#runClock(since, from, speed);
    });
  }
}
