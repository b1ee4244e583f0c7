import { z } from 'zod';
import { commandIdSchema } from './commands.ts';
import { errorDataSchema } from './error-data.ts';
import { fileIdSchema, grantedFileSchema } from './files.ts';
import { type Client, type Implementation, request, stream } from './rpc/api.ts';

/**
 * What surrounds the page: Electron's main process, or `serve` for a browser. It outlives the engine, so it is the one that
 * says how the engine is.
 */

export const engineStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('running'), restarts: z.int() }),
  /** It ended unexpectedly and is being started again; its port has closed and has to be asked for anew. */
  z.object({ state: z.literal('restarting'), restarts: z.int(), reason: z.string() }),
  /** It ended too often. */
  z.object({ state: z.literal('stopped'), restarts: z.int(), error: errorDataSchema }),
]);
export type EngineState = z.infer<typeof engineStateSchema>;

export const shellEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('engine'), engine: engineStateSchema }),
  /** The user chose files: in a dialog, by dropping them, on the command line, in the file manager. */
  z.object({ type: z.literal('open'), files: z.array(grantedFileSchema) }),
  /** A file was chosen that cannot be opened. */
  z.object({ type: z.literal('open-failed'), error: errorDataSchema }),
  /** The user chose a command in a native menu. */
  z.object({ type: z.literal('command'), command: commandIdSchema }),
]);
export type ShellEvent = z.infer<typeof shellEventSchema>;

export const shellFactsSchema = z.object({
  /** In a browser files are uploaded; on the desktop they are opened where they lie, and dialogs and menus are native. */
  face: z.enum(['desktop', 'browser']),
  version: z.string(),
  platform: z.string(),
  /** A video's address is this with the file's id behind it. */
  mediaBase: z.string(),
});
export type ShellFacts = z.infer<typeof shellFactsSchema>;

/** What a window may ask of its shell. */
export const shellApi = {
  shell: {
    facts: request(z.void(), shellFactsSchema),
    /** Begins with the state of the engine, and with files that were chosen before anybody listened. */
    events: stream(z.void(), shellEventSchema),
    /** Opens a native dialog; the files arrive as an event, too. Desktop only. */
    chooseVideos: request(z.void(), z.array(grantedFileSchema)),
    /** The same for one image; null where none was chosen. Desktop only. */
    chooseImage: request(z.void(), grantedFileSchema.nullable()),
    /** The same for a checkpoint, a file or a folder. It is not announced. Desktop only. */
    chooseCheckpoint: request(z.object({ folder: z.boolean().default(false) }), grantedFileSchema.nullable()),
    /** Lets the user choose a folder that exports go into. It is not announced. Desktop only. */
    chooseFolder: request(z.void(), grantedFileSchema.nullable()),
    /** Shows the data folder in the file manager. Desktop only. */
    openDataFolder: request(z.void(), z.void()),
    /** Shows a file in the system's file manager. Desktop only. */
    showFile: request(z.object({ file: fileIdSchema }), z.void()),
    /** Says through the system that something is done, unless one of our windows is in front. Desktop only. */
    notify: request(z.object({ title: z.string().min(1).max(1000), body: z.string().max(1000) }), z.void()),
    /** Starts the engine again after it had ended too often. */
    restartEngine: request(z.void(), z.void()),
    /** Opens a page in the browser: https only. */
    openExternal: request(z.object({ url: z.url({ protocol: /^https$/ }) }), z.void()),
  },
};
export type ShellApi = typeof shellApi;
export type ShellClient = Client<ShellApi>;
export type ShellImplementation = Implementation<ShellApi>;
