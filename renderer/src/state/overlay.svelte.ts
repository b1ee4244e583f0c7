import type { Crop } from '#contract/analysis.ts';
import { DEFAULT_SETTINGS, type Settings } from '#contract/settings.ts';
import { problemOf } from './problem.ts';
import type { Workspace } from './workspace.svelte.ts';

type OverlaySettings = Settings['overlay'];

/** Whose scores are shown: those of one crop, or the mean of all of them. */
export type ShownCrop = Crop | 'all';

/** How scores are drawn on the video. Mode and opacity are remembered. */
export class Overlay {
  readonly #workspace: Workspace;
  /** What is being dragged, before it is kept. */
  #draft = $state.raw<Partial<OverlaySettings>>({});
  #showsCrops = $state(true);
  /** Whatever moves is in one of them, wherever it enters. */
  #crop = $state<ShownCrop>('all');
  #problem = $state.raw<ReturnType<typeof problemOf>>(null);

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  get mode(): OverlaySettings['mode'] {
    return this.#settings.mode;
  }

  /** 0 … 1 */
  get opacity(): number {
    return this.#settings.opacity;
  }

  get showsCrops(): boolean {
    return this.#showsCrops;
  }

  get crop(): ShownCrop {
    return this.#crop;
  }

  /** Why a choice could not be kept. */
  get problem(): ReturnType<typeof problemOf> {
    return this.#problem;
  }

  async choose(mode: OverlaySettings['mode']): Promise<void> {
    await this.#keep({ mode });
  }

  /** Follows a slider; {@link keepOpacity} remembers where it ends. */
  dim(opacity: number): void {
    this.#draft = { opacity };
  }

  async keepOpacity(opacity: number): Promise<void> {
    await this.#keep({ opacity });
  }

  chooseCrop(crop: ShownCrop): void {
    this.#crop = crop;
  }

  toggleCrops(): void {
    this.#showsCrops = !this.#showsCrops;
  }

  get #settings(): OverlaySettings {
    return { ...(this.#workspace.settings ?? DEFAULT_SETTINGS).overlay, ...this.#draft };
  }

  async #keep(change: Partial<OverlaySettings>): Promise<void> {
    const overlay = { ...this.#settings, ...change };
    this.#draft = change;
    try {
      await this.#workspace.change({ overlay });
      this.#problem = null;
    } catch (error) {
      this.#problem = problemOf(error);
    }
    if (this.#draft === change) this.#draft = {};
  }
}
