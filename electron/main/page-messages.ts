import type { MessagePortMain } from 'electron';
import { CHANNELS } from '#contract/window-channels.ts';
import { connectArgumentsSchema, openFilesArgumentsSchema } from '#contract/window-messages.ts';
import { isFromPage, type Sent } from './sender.ts';

/** A message of a page, and the way back to the frame that sent it. */
interface PageMessage extends Sent {
  readonly senderFrame:
    | (NonNullable<Sent['senderFrame']> & {
        postMessage(channel: string, message: unknown, transfer: MessagePortMain[]): void;
      })
    | null;
}

export interface PageMessageParts {
  readonly ipcMain: { on(channel: string, listener: (event: PageMessage, ...args: unknown[]) => void): unknown };
  /** A port to the engine or the shell. Rejects when nobody is there. */
  readonly openPort: (role: 'engine' | 'shell') => Promise<MessagePortMain>;
  readonly openFiles: (paths: readonly string[]) => void;
}

/**
 * Answers the two things that a preload may say. Whatever does not come from the page, or is not what it should be, is
 * dropped without an answer.
 */
export function answerPageMessages({ ipcMain, openPort, openFiles }: PageMessageParts): void {
  ipcMain.on(CHANNELS.connect, (event, ...args) => {
    const given = connectArgumentsSchema.safeParse(args);
    const frame = event.senderFrame;
    if (!isFromPage(event) || frame === null || !given.success) return;
    const [role, request] = given.data;
    void answer(frame, request, openPort(role));
  });
  ipcMain.on(CHANNELS.openFiles, (event, ...args) => {
    const given = openFilesArgumentsSchema.safeParse(args);
    if (isFromPage(event) && given.success) openFiles(given.data[0]);
  });
}

async function answer(
  frame: NonNullable<PageMessage['senderFrame']>,
  request: string,
  opening: Promise<MessagePortMain>,
): Promise<void> {
  const port = await opening.catch(() => null);
  try {
    frame.postMessage(CHANNELS.port, request, port === null ? [] : [port]);
  } catch {
    // The page has gone away meanwhile.
    port?.close();
  }
}
