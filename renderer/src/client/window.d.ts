import type { PatchlightBridge } from '#contract/window-channels.ts';

declare global {
  interface Window {
    /** Given by the desktop app's preload; absent in a browser. */
    readonly patchlight?: PatchlightBridge;
  }
}
