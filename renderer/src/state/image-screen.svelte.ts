import type { EngineClient } from '#contract/engine-api.ts';
import type { FileId } from '#contract/files.ts';
import { IMAGE_EXTENSIONS } from '#contract/image-files.ts';
import type { ImageRequest, InterpretEvent, OpenImage } from '#contract/images.ts';
import type { HeatMap, Interpretation } from '#contract/interpretation.ts';
import type { UsableModel } from '#contract/models.ts';
import type { ModelList } from './model-list.svelte.ts';
import { filesOfBrowser } from './opening.svelte.ts';
import { type Problem, problemOf } from './problem.ts';
import type { Session } from './session.svelte.ts';

/** A slider that is being moved asks for what comes after it only when it rests for so long. */
const CALM_MS = 60;

const IMAGES = IMAGE_EXTENSIONS.map((extension) => `.${extension}`).join(',');

type Picture = Extract<InterpretEvent, { type: 'picture' }>['picture'];

/** One image, and what an image model makes of it. */
export class ImageScreen {
  readonly #session: Session;
  readonly #models: ModelList;
  /** What is to be opened; what is shown stays until that is done. */
  #wanted = $state.raw<FileId | null>(null);
  #chosenModel = $state<string | null>(null);
  #image = $state.raw<OpenImage | null>(null);
  #picture = $state.raw<Picture | null>(null);
  #interpretation = $state.raw<Interpretation | null>(null);
  #maps = $state.raw<readonly HeatMap[]>([]);
  #thresholds = $state.raw<readonly number[] | null>(null);
  #isLooking = $state(false);
  #problem = $state.raw<Problem | null>(null);

  /** Maps of the interpreters are those of the thresholds at hand. */
  readonly #mapsNow = $derived.by(() =>
    this.#maps.map((map) => {
      const [, group] = /^interpreter-(\d+)$/.exec(map.name) ?? [];
      const scores = group === undefined ? null : this.#interpretation?.groups[Number(group) - 1]?.scores;
      return scores ? { ...map, scores } : map;
    }),
  );

  constructor(session: Session, models: ModelList) {
    this.#session = session;
    this.#models = models;
  }

  /** Looks at the image anew whenever image, model or engine are others, for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { engine } = this.#session;
      const file = this.#wanted;
      if (engine === null || file === null) return;
      const stop = new AbortController();
      void this.#open(engine, file, stop.signal);
      return () => stop.abort();
    });
    $effect(() => {
      const { engine } = this.#session;
      const image = this.#image;
      const model = this.model?.name;
      if (engine === null || image === null || model === undefined) return;
      const stop = new AbortController();
      void this.#look(engine, image.file, model, stop.signal);
      return () => stop.abort();
    });
    $effect(() => {
      const { engine } = this.#session;
      const thresholds = this.#thresholds;
      const request = this.#request;
      if (engine === null || request === null || thresholds === null) return;
      const stop = new AbortController();
      const wait = setTimeout(() => void this.#select(engine, request, stop.signal), CALM_MS);
      return () => {
        clearTimeout(wait);
        stop.abort();
      };
    });
  }

  get models(): readonly UsableModel[] {
    return this.#models.usable.filter(({ forVideos }) => !forVideos);
  }

  /** The one that was chosen, or the first. */
  get model(): UsableModel | undefined {
    return this.models.find(({ name }) => name === this.#chosenModel) ?? this.models[0];
  }

  /** Null before one is opened. */
  get image(): OpenImage | null {
    return this.#image;
  }

  /** What the model is shown. */
  get picture(): Picture | null {
    return this.#picture;
  }

  get interpretation(): Interpretation | null {
    return this.#interpretation;
  }

  /** As many as have come. */
  get maps(): readonly HeatMap[] {
    return this.#mapsNow;
  }

  get isWorking(): boolean {
    return this.#wanted !== null || this.#isLooking;
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
    try {
      if (link.facts.face === 'desktop') await link.shell.shell.chooseImage();
      else await this.#session.take((await filesOfBrowser({ accept: IMAGES })).slice(0, 1));
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  /** The image that comes with Patchlight. */
  async openSample(): Promise<void> {
    try {
      const sample = await this.#session.engine?.images.openSample();
      if (sample !== undefined) this.open(sample.file);
    } catch (error) {
      this.#problem = problemOf(error);
    }
  }

  open(file: FileId): void {
    this.#wanted = file;
  }

  chooseModel(name: string): void {
    this.#thresholds = null;
    this.#chosenModel = name;
  }

  /** @param group Counted from 0. */
  setThreshold(group: number, threshold: number): void {
    const before = this.#thresholds ?? this.#interpretation?.groups.map((one) => one.threshold ?? 0) ?? [];
    this.#thresholds = before.map((one, i) => (i === group ? threshold : one));
  }

  /** What a group's slider stands at; null where patches are not chosen by thresholds. */
  thresholdOf(group: number): number | null {
    return this.#thresholds?.[group] ?? this.#interpretation?.groups[group]?.threshold ?? null;
  }

  /** The hierarchical figure as a file, for the browser to save. */
  async figure(format: 'png' | 'svg'): Promise<File | null> {
    const { engine } = this.#session;
    const request = this.#request;
    if (engine === null || request === null) return null;
    try {
      const { name, content } = await engine.images.figure({ ...request, format });
      const type = format === 'png' ? 'image/png' : 'image/svg+xml';
      return new File([new Uint8Array(content)], name, { type });
    } catch (error) {
      this.#problem = problemOf(error);
      return null;
    }
  }

  get #request(): ImageRequest | null {
    const model = this.model?.name;
    if (this.#image === null || model === undefined) return null;
    const thresholds = this.#thresholds;
    return {
      file: this.#image.file,
      model,
      ...(thresholds === null ? {} : { selector: { thresholds: [...thresholds] } }),
    };
  }

  async #open(engine: EngineClient, file: FileId, signal: AbortSignal): Promise<void> {
    this.#problem = null;
    try {
      const image = await engine.images.open({ file }, { signal });
      if (this.#image?.file !== file) this.#picture = null;
      this.#interpretation = null;
      this.#thresholds = null;
      this.#image = image;
      this.#wanted = null;
    } catch (error) {
      if (signal.aborted) return;
      this.#problem = problemOf(error);
      // An engine that is gone is followed by another one, which is asked again.
      if (this.#problem !== null) this.#wanted = null;
    }
  }

  async #look(engine: EngineClient, file: FileId, model: string, signal: AbortSignal): Promise<void> {
    this.#isLooking = true;
    this.#problem = null;
    this.#interpretation = null;
    this.#maps = [];
    try {
      for await (const event of engine.images.interpret({ file, model }, { signal })) {
        if (event.type === 'picture') this.#picture = event.picture;
        else if (event.type === 'answer') this.#interpretation = event.interpretation;
        else if (event.type === 'map') this.#maps = [...this.#maps, event.map];
      }
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error);
    } finally {
      if (!signal.aborted) this.#isLooking = false;
    }
  }

  async #select(engine: EngineClient, request: ImageRequest, signal: AbortSignal): Promise<void> {
    try {
      const interpretation = await engine.images.select(request, { signal });
      if (!signal.aborted) this.#interpretation = interpretation;
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error);
    }
  }
}
