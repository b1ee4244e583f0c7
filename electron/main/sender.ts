import type { WebFrameMain } from 'electron';
import { PAGE_ORIGIN } from './page-origin.ts';

/** The part of a message from a page that says who sent it. */
export interface Sent {
  readonly senderFrame: Pick<WebFrameMain, 'origin' | 'parent'> | null;
}

/** Whether a message comes from the page itself: not from a frame within it, and not from another page in its place. */
export function isFromPage({ senderFrame }: Sent): boolean {
  // Null when the frame has navigated or was closed meanwhile.
  return senderFrame !== null && senderFrame.parent === null && senderFrame.origin === PAGE_ORIGIN;
}
