import { VIDEO_EXTENSIONS } from '#contract/video-files.ts';
import { droppedFiles, type TakenFiles, videosAmong } from './dropped-files.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';

/** The ways in: choosing files, and dropping them. Whatever is opened arrives in {@link Session.opened}. */
export class Opening {
  readonly #session: Session;
  #uploaded = $state<number | null>(null);
  #problem = $state.raw<Problem | null>(null);

  constructor(session: Session) {
    this.#session = session;
  }

  /** Share of the files that has been uploaded, 0 … 1; null while nothing is. */
  get uploaded(): number | null {
    return this.#uploaded;
  }

  get problem(): Problem | null {
    return this.#problem;
  }

  dismiss(): void {
    this.#problem = null;
  }

  /** Shows the dialog of the system on the desktop, that of the browser elsewhere. */
  async choose(): Promise<void> {
    const { link } = this.#session;
    if (link.kind !== 'ready') return;
    if (link.facts.face === 'desktop') await this.#attempt(() => link.shell.shell.chooseVideos());
    else await this.take(await filesOfBrowser({ accept: VIDEOS, multiple: true }));
  }

  /** Lets a folder be chosen, and takes all videos in it and in the folders in it. */
  async chooseFolder(): Promise<void> {
    const files = await filesOfBrowser({ webkitdirectory: true });
    const taken = videosAmong(files);
    if (files.length > 0 && taken.files.length === 0) this.#problem = nothingIn(taken);
    else await this.take(taken.files);
  }

  /** Takes what was dropped, of folders the videos in them. To be called while the event is handled. */
  async takeDropped(data: DataTransfer): Promise<void> {
    const dropped = droppedFiles(data);
    const holdsFiles = data.types.includes('Files');
    await this.#attempt(async () => {
      const taken = await dropped;
      if (taken.files.length > 0) await this.#send(taken.files);
      else if (holdsFiles) this.#problem = nothingIn(taken);
    });
  }

  async take(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    await this.#attempt(() => this.#send(files));
  }

  #send(files: readonly File[]): Promise<void> {
    return this.#session.take(files, (share) => (this.#uploaded = share));
  }

  async #attempt(work: () => Promise<unknown>): Promise<void> {
    this.#problem = null;
    try {
      await work();
    } catch (error) {
      this.#problem = problemOf(error);
    } finally {
      this.#uploaded = null;
    }
  }
}

const NO_VIDEOS: Problem = {
  code: 'no-videos',
  message: 'There are no videos in that folder.',
  hint: `Videos are found by their names: ${VIDEO_EXTENSIONS.join(', ')}.`,
};

const ONLY_IMAGES: Problem = {
  code: 'only-images',
  message: 'There are images in that folder, and no videos.',
  hint: 'Drop one of them by itself; patchlight interpret takes the whole folder.',
};

function nothingIn({ leavesImages }: TakenFiles): Problem {
  return leavesImages ? ONLY_IMAGES : NO_VIDEOS;
}

const VIDEOS = ['video/*', ...VIDEO_EXTENSIONS.map((extension) => `.${extension}`)].join(',');

/** Lets the user choose in the browser's dialog. Empty when it was closed without a choice. */
export function filesOfBrowser(
  options: Partial<Pick<HTMLInputElement, 'accept' | 'multiple' | 'webkitdirectory'>>,
): Promise<readonly File[]> {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', ...options });
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
