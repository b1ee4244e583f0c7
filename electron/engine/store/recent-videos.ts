import { basename, dirname } from 'node:path';
import { z } from 'zod';
import type { FileId } from '#contract/files.ts';
import type { RecentVideo } from '#contract/videos.ts';
import type { FileRegistry } from '../files/file-registry.ts';
import type { EventHub } from './event-hub.ts';
import type { NoticeBoard } from './notice-board.ts';
import { StateFile } from './state-file.ts';

const recentSchema = z.array(z.object({ path: z.string(), openedAt: z.number(), durationSeconds: z.number() }));

const MOST = 30;

/** The videos that were open lately, the latest first. They may be opened again without being chosen again. */
export class RecentVideos {
  readonly #file: StateFile<z.infer<typeof recentSchema>>;
  readonly #files: FileRegistry;
  readonly #hub: EventHub;

  private constructor(file: StateFile<z.infer<typeof recentSchema>>, files: FileRegistry, hub: EventHub) {
    this.#file = file;
    this.#files = files;
    this.#hub = hub;
  }

  static async open(path: string, hub: EventHub, files: FileRegistry, notices: NoticeBoard): Promise<RecentVideos> {
    const options = { path, what: 'recent files', version: 1, schema: recentSchema, initial: [], notices };
    const recent = new RecentVideos(await StateFile.open(options), files, hub);
    for (const { path: video } of recent.#file.value) files.remember(video);
    return recent;
  }

  get all(): RecentVideo[] {
    return this.#file.value.map(({ path, openedAt, durationSeconds }) => {
      const { file } = this.#files.remember(path);
      return { file, name: basename(path), folder: dirname(path), openedAt, durationSeconds };
    });
  }

  add(path: string, durationSeconds: number): void {
    const others = this.#file.value.filter((video) => video.path !== path);
    this.#change([{ path, openedAt: Date.now(), durationSeconds }, ...others].slice(0, MOST));
  }

  /** Forgets one video, or all. */
  forget(file?: FileId): void {
    const kept = this.#file.value.filter(({ path }) => file !== undefined && this.#files.remember(path).file !== file);
    this.#change(kept);
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }

  #change(videos: z.infer<typeof recentSchema>): void {
    this.#file.set(videos);
    this.#hub.publish('recent', { type: 'recent', videos: this.all });
  }
}
