import { z } from 'zod';

/**
 * Names a file that the user chose, without saying where it is. A page gets ids from dialogs, drops, the command line, the
 * library and recent files, and can make none up.
 */
export const fileIdSchema = z.string().regex(/^[A-Za-z0-9_-]{22}$/, 'not the id of a file');
export type FileId = z.infer<typeof fileIdSchema>;

/** A file that a page may ask for. */
export const grantedFileSchema = z.object({
  file: fileIdSchema,
  /** The last part of its path. */
  name: z.string(),
});
export type GrantedFile = z.infer<typeof grantedFileSchema>;
