import type { GrantedFile } from '#contract/files.ts';
import type { ModelImport } from '#contract/models.ts';
import { CHECKPOINT_ENDING } from './file-kinds.ts';
import { ImportReport } from './import-report.svelte.ts';
import { filesOfBrowser } from './opening.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';

/** What the user says of a checkpoint that it may not say itself. */
export type ImportChoices = Omit<ModelImport, 'file'>;

/** The import of a checkpoint from a file: one at a time. */
export class ModelImporting {
  readonly #session: Session;
  #file = $state.raw<GrantedFile | null>(null);
  #report = $state.raw<ImportReport | null>(null);
  #choices = $state.raw<ImportChoices | null>(null);
  #copied = $state<number | null>(null);
  #problem = $state.raw<Problem | null>(null);
  #stop = new AbortController();

  constructor(session: Session) {
    this.#session = session;
  }

  /** The checkpoint that was chosen. */
  get file(): GrantedFile | null {
    return this.#file;
  }

  /** Null until it was begun. */
  get report(): ImportReport | null {
    return this.#report;
  }

  /** What was said of the file when it was tried last; null before. */
  get choices(): ImportChoices | null {
    return this.#choices;
  }

  /** Share of the file that was copied from the browser, 0 … 1; null while nothing is. */
  get copied(): number | null {
    return this.#copied;
  }

  /** Why nothing could be chosen. */
  get problem(): Problem | null {
    return this.#problem;
  }

  /** A model of a file that the engine has: its name without what tells the format. */
  get suggestedName(): string {
    const bare = (this.#file?.name ?? '').replace(CHECKPOINT_ENDING, '').toLowerCase();
    return bare
      .replaceAll(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+/, '')
      .slice(0, 64);
  }

  /** Offers a file for import. An import that is under way is not disturbed. */
  offer(file: GrantedFile): void {
    if (this.#report?.phase === 'running') return;
    this.#file = file;
    this.#report = null;
    this.#choices = null;
    this.#problem = null;
  }

  /** Shows the dialog of the system on the desktop, for a file or a folder; that of the browser elsewhere. */
  async choose(folder = false): Promise<void> {
    const { link } = this.#session;
    if (link.kind !== 'ready') return;
    this.#problem = null;
    try {
      const file =
        link.facts.face === 'desktop'
          ? await link.shell.shell.chooseCheckpoint({ folder })
          : await this.#copy(await filesOfBrowser({ accept: '.pyth,.pth,.pt,.bin,.safetensors' }));
      if (file !== null) this.offer(file);
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  begin(choices: ImportChoices): void {
    const { engine } = this.#session;
    if (engine === null || this.#file === null || this.#report?.phase === 'running') return;
    this.#choices = choices;
    this.#stop = new AbortController();
    this.#report = new ImportReport();
    const request = { file: this.#file.file, ...choices };
    void this.#report.follow(engine.models.import(request, { signal: this.#stop.signal }));
  }

  cancel(): void {
    this.#stop.abort();
  }

  /** Makes room for another one. */
  putAway(): void {
    if (this.#report?.phase === 'running') return;
    this.#file = null;
    this.#report = null;
  }

  async #copy([file]: readonly File[]): Promise<GrantedFile | null> {
    if (file === undefined) return null;
    try {
      this.#copied = 0;
      const [granted = null] = await this.#session.upload([file], (share) => (this.#copied = share));
      return granted;
    } finally {
      this.#copied = null;
    }
  }
}
