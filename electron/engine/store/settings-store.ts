import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DEFAULT_SETTINGS, type Settings, type SettingsChange, settingsSchema } from '#contract/settings.ts';
import type { EventHub } from './event-hub.ts';
import type { NoticeBoard } from './notice-board.ts';
import { StateFile } from './state-file.ts';

/** Settings that came with a later version than the one that wrote the file have their initial values. */
const storedSchema = z.preprocess(
  (state) => (typeof state === 'object' && state !== null ? { ...DEFAULT_SETTINGS, ...state } : state),
  settingsSchema,
);

/** What the user has chosen, for programs beside the app; where nothing is kept or it cannot be understood, what is so at first. */
export async function readSettings(path: string): Promise<Settings> {
  try {
    return storedSchema.parse(JSON.parse(await readFile(path, 'utf8')).state);
  } catch {
    return DEFAULT_SETTINGS;
  }
}

/** What the user has chosen. */
export class SettingsStore {
  readonly #file: StateFile<Settings>;
  readonly #hub: EventHub;

  private constructor(file: StateFile<Settings>, hub: EventHub) {
    this.#file = file;
    this.#hub = hub;
  }

  static async open(path: string, hub: EventHub, notices: NoticeBoard): Promise<SettingsStore> {
    const options = { path, what: 'settings', version: 1, schema: storedSchema, initial: DEFAULT_SETTINGS, notices };
    return new SettingsStore(await StateFile.open(options), hub);
  }

  get value(): Settings {
    return this.#file.value;
  }

  change(change: SettingsChange): Settings {
    // Settings that are left out may arrive as undefined.
    const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
    this.#file.set(settingsSchema.parse({ ...this.value, ...given }));
    this.#hub.publish('settings', { type: 'settings', settings: this.value });
    return this.value;
  }

  settled(): Promise<void> {
    return this.#file.settled();
  }
}
