import { z } from 'zod';
import { type ErrorData, PatchlightError } from './errors.ts';

/** {@link ErrorData} as it comes from another process or from disk. */
export const errorDataSchema = z
  .object({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    detail: z.string().optional(),
  })
  // Absent and undefined are the same after a transport.
  .transform(({ code, message, hint, detail }): ErrorData => {
    return { code, message, ...(hint === undefined ? {} : { hint }), ...(detail === undefined ? {} : { detail }) };
  });

/** An error of another process, with everything that it said. */
export class RemoteError extends PatchlightError {
  readonly code: string;

  constructor({ code, message, ...parts }: ErrorData) {
    super(message, parts);
    this.code = code;
  }
}
