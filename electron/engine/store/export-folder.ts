import { stat } from 'node:fs/promises';
import { z } from 'zod';
import type { NoticeBoard } from './notice-board.ts';
import { StateFile } from './state-file.ts';

const folderSchema = z.object({ path: z.string() }).nullable();

/** The folder that exports went into last. Kept apart from the settings, which pages write: they cannot name folders. */
export class ExportFolder {
  readonly #file: StateFile<z.infer<typeof folderSchema>>;

  private constructor(file: StateFile<z.infer<typeof folderSchema>>) {
    this.#file = file;
  }

  static async open(path: string, notices: NoticeBoard): Promise<ExportFolder> {
    const what = 'the folder of exports';
    return new ExportFolder(
      await StateFile.open({ path, what, version: 1, schema: folderSchema, initial: null, notices }),
    );
  }

  remember(path: string): void {
    if (this.#file.value?.path !== path) this.#file.set({ path });
  }

  /** Null where there was none, or it is gone. */
  async path(): Promise<string | null> {
    const path = this.#file.value?.path ?? null;
    if (path === null) return null;
    return (await stat(path).catch(() => null))?.isDirectory() ? path : null;
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }
}
