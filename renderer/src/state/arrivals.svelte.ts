import { untrack } from 'svelte';
import type { GrantedFile } from '#contract/files.ts';
import type { Analysis } from './analysis.svelte.ts';
import { sortFiles } from './file-kinds.ts';
import type { ImageScreen } from './image-screen.svelte.ts';
import type { ModelsScreen } from './models-screen.svelte.ts';
import type { Navigation } from './navigation.svelte.ts';
import type { Session } from './session.svelte.ts';

/** What becomes of files that are opened while a screen is shown. */
export interface Destination {
  /** What is said while files are held over the window, such as "Drop to add to the queue". */
  readonly invitation: string;
  take(files: readonly GrantedFile[]): unknown;
}

/** Images that arrived together, of which the first is looked at. */
export interface ArrivedImages {
  readonly first: GrantedFile;
  readonly count: number;
  /** Whether something that came with them is what is shown. */
  readonly isBehind: boolean;
}

/** Where files are led to. */
export interface ArrivalScreens {
  readonly navigation: Navigation;
  readonly analysis: Analysis;
  readonly image: ImageScreen;
  readonly modelsScreen: ModelsScreen;
}

/**
 * Leads files that were opened, by whatever way, to where they belong: videos to the screen that asks for them, else the first
 * one is shown; images to theirs, checkpoints to where they are imported. Of several videos the others are kept aside, for
 * the queue if the user wants that.
 */
export class Arrivals {
  readonly #session: Session;
  readonly #navigation: Navigation;
  readonly #image: ImageScreen;
  readonly #modelsScreen: ModelsScreen;
  readonly #toAnalysis: Destination;
  #destinations = $state.raw<readonly Destination[]>([]);
  #others = $state.raw<readonly GrantedFile[]>([]);
  #images = $state.raw<ArrivedImages | null>(null);
  /** The last ones that were led somewhere: an engine that is started anew must not begin them again. */
  #handled: readonly GrantedFile[] | null = null;

  constructor(session: Session, { navigation, analysis, image, modelsScreen }: ArrivalScreens) {
    this.#session = session;
    this.#navigation = navigation;
    this.#image = image;
    this.#modelsScreen = modelsScreen;
    this.#toAnalysis = {
      invitation: 'Drop to open',
      take: ([first, ...others]) => {
        if (first === undefined) return;
        const known = this.#others.filter((one) => others.every(({ file }) => file !== one.file));
        this.#others = [...known, ...others].filter(({ file }) => file !== first.file);
        navigation.go('analyse');
        void analysis.open(first.file);
      },
    };
  }

  /** Files that were opened with another one and are not shown. */
  get others(): readonly GrantedFile[] {
    return this.#others;
  }

  forgetOthers(): void {
    this.#others = [];
  }

  /** The images that arrived last, where not all there is to know of them is on screen. */
  get images(): ArrivedImages | null {
    return this.#images;
  }

  forgetImages(): void {
    this.#images = null;
  }

  /**
   * What is said while files are held over the window.
   *
   * @param types Media types, as far as the browser tells them by then.
   */
  invitation(types: readonly string[]): string {
    const areImages = types.length > 0 && types.every((type) => type.startsWith('image/') && type !== 'image/gif');
    if (areImages || this.#navigation.screen === 'image') return 'Drop to look at the image';
    return this.#expectsModels ? 'Drop to import' : this.#destination.invitation;
  }

  /** Whether a folder that is dropped stands for the videos in it; otherwise it is itself what is dropped. */
  get looksIntoFolders(): boolean {
    return !this.#expectsModels;
  }

  /** Shows where models are imported, with a checkpoint that was opened or dropped. */
  importModel(file?: GrantedFile): void {
    if (file !== undefined) this.#modelsScreen.importing.offer(file);
    this.#modelsScreen.go({ kind: 'import' });
    this.#navigation.go('models');
  }

  /** Sends what arrives from now on to `destination`, until the result is called. */
  divert(destination: Destination): () => void {
    untrack(() => {
      this.#destinations = [...this.#destinations, destination];
    });
    return () => {
      this.#destinations = this.#destinations.filter((one) => one !== destination);
    };
  }

  /** Listens for as long as the component lives that calls this. */
  follow(): void {
    $effect(() => {
      const { opened, engine } = this.#session;
      if (engine === null || opened.length === 0 || opened === this.#handled) return;
      this.#handled = opened;
      untrack(() => this.#take(opened));
    });
    $effect(() => {
      // Whoever is there sees the one.
      if (this.#navigation.screen === 'image' && this.#images?.count === 1) this.#images = null;
    });
  }

  #take(files: readonly GrantedFile[]): void {
    const { checkpoints, images, videos } = sortFiles(files, this.#navigation.screen);
    const [checkpoint] = checkpoints;
    if (checkpoint !== undefined) this.importModel(checkpoint);
    if (videos.length > 0) void this.#destination.take(videos);
    this.#takeImages(images, checkpoint !== undefined || videos.length > 0);
  }

  #takeImages([first, ...others]: readonly GrantedFile[], isBehind: boolean): void {
    if (first === undefined) return;
    this.#image.open(first.file);
    this.#images = isBehind || others.length > 0 ? { first, count: 1 + others.length, isBehind } : null;
    if (!isBehind) this.#navigation.go('image');
  }

  get #expectsModels(): boolean {
    return this.#navigation.screen === 'models';
  }

  get #destination(): Destination {
    return this.#destinations.at(-1) ?? this.#toAnalysis;
  }
}
