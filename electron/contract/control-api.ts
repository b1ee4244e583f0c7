import { z } from 'zod';
import { fileIdSchema, grantedFileSchema } from './files.ts';
import { type Client, type Implementation, request } from './rpc/api.ts';

/**
 * What the process that owns the window (Electron's main process, `serve`) may ask of the engine. Never offered to a page:
 * here files have paths.
 */
export const controlApi = {
  control: {
    /** Lets pages ask for a file or a folder, because the user chose it. A copy of an upload is not remembered as recent. */
    grant: request(z.object({ path: z.string(), temporary: z.boolean().default(false) }), grantedFileSchema),
    /** Where a file lies that a page asks for. */
    locate: request(z.object({ file: fileIdSchema }), z.object({ path: z.string() })),
    /** Where the engine keeps what belongs to the user. */
    dataFolder: request(z.void(), z.object({ path: z.string() })),
    /** Ends what runs, keeping what is done, so that the process can end. */
    finish: request(z.void(), z.void()),
  },
};
export type ControlApi = typeof controlApi;
export type ControlClient = Client<ControlApi>;
export type ControlImplementation = Implementation<ControlApi>;
