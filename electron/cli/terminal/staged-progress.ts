import { Progress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** Progress of several pieces of work, one after another, each with a title and a bar of its own. */
export class StagedProgress implements Disposable {
  readonly #terminal: Terminal;
  #work: string | null = null;
  #bar: Progress | undefined;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows `done` of `total` of `work`; another one than before begins anew. */
  readonly update = (work: string, done: number, total: number): void => {
    if (work !== this.#work) {
      this.clear();
      this.#bar = new Progress(this.#terminal, work);
      this.#work = work;
      if (!this.#terminal.interactive) this.#terminal.note(work);
    }
    this.#bar?.update(done, total, total === 1 ? '' : `${done} of ${total}`);
  };

  /** Takes the bar away, so that what is written next stands on a clean line. */
  clear(): void {
    this.#bar?.clear();
    this.#work = null;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}
