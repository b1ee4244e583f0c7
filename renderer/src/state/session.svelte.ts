import type { EngineClient } from '#contract/engine-api.ts';
import type { GrantedFile } from '#contract/files.ts';
import type { ShellEvent } from '#contract/shell-api.ts';
import type { AppLink, LinkState } from '../client/app-link.ts';
import { Commands } from '../keyboard/commands.ts';

/** The page's connection as Svelte sees it. Every screen is given one. */
export class Session {
  /** What menus and keys may do. */
  readonly commands = new Commands();
  readonly #link: AppLink;
  #state = $state.raw<LinkState>({ kind: 'connecting' });
  #opened = $state.raw<readonly GrantedFile[]>([]);
  #openFailure = $state.raw<Extract<ShellEvent, { type: 'open-failed' }>['error'] | null>(null);

  constructor(link: AppLink) {
    this.#link = link;
    link.listen({
      onState: (state) => {
        this.#state = state;
      },
      onShellEvent: (event) => {
        if (event.type === 'open') this.#opened = event.files;
        else if (event.type === 'open-failed') this.#openFailure = event.error;
        else this.commands.run(event.command);
      },
    });
  }

  get link(): LinkState {
    return this.#state;
  }

  /** Null while there is no engine. Ask in an effect: another one may come. */
  get engine(): EngineClient | null {
    return this.#state.kind === 'ready' ? this.#state.engine : null;
  }

  /** Where a video is played from; null while that is not known. */
  mediaAddress(file: string): string | null {
    return 'facts' in this.#state ? this.#state.facts.mediaBase + file : null;
  }

  /** Files that the user chose outside of the page, the latest ones. */
  get opened(): readonly GrantedFile[] {
    return this.#opened;
  }

  /** Why the file that was chosen last outside of the page cannot be opened. */
  get openFailure(): Extract<ShellEvent, { type: 'open-failed' }>['error'] | null {
    return this.#openFailure;
  }

  /** Takes files that were dropped into the page. */
  async take(files: readonly File[], onProgress?: (share: number) => void): Promise<void> {
    const granted = await this.upload(files, onProgress);
    if (granted.length > 0) this.#opened = granted;
  }

  /** The same without opening them. On the desktop they are opened all the same, and nothing is given here. */
  upload(files: readonly File[], onProgress?: (share: number) => void): Promise<readonly GrantedFile[]> {
    return this.#link.transport.take(files, onProgress);
  }
}
