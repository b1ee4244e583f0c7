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
    else await this.take(await filesOfBrowser('video/*,.mkv,.avi,.flv,.ts,.mts,.m2ts,.mpg,.mpeg,.wmv,.ogv', true));
  }

  async take(files: readonly File[]): Promise<void> {
    if (files.length === 0) return;
    await this.#attempt(() => this.#session.take(files, (share) => (this.#uploaded = share)));
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

/** Lets the user choose in the browser's dialog. Empty when it was closed without a choice. */
export function filesOfBrowser(accept: string, multiple: boolean): Promise<readonly File[]> {
  const input = document.createElement('input');
  Object.assign(input, { type: 'file', multiple, accept });
  return new Promise((resolve) => {
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
