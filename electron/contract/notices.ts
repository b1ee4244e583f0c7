import { z } from 'zod';
import { jobIdSchema } from './jobs.ts';

/** Something that happened without anybody having asked, and that the user should know. */
export const noticeSchema = z.discriminatedUnion('code', [
  z.object({
    id: z.uuid(),
    code: z.literal('state-set-aside'),
    /** What was in the file, in words: "settings", "recent files", "the queue", "a result". */
    what: z.string(),
    message: z.string(),
    /** Where the damaged file was put. */
    keptAs: z.string(),
  }),
  z.object({
    id: z.uuid(),
    code: z.literal('work-interrupted'),
    message: z.string(),
    /** They can be resumed. */
    jobs: z.array(jobIdSchema),
  }),
  z.object({
    id: z.uuid(),
    code: z.literal('state-unwritable'),
    message: z.string(),
    detail: z.string(),
  }),
]);
export type Notice = z.infer<typeof noticeSchema>;
