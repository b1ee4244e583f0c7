import type { GrantedFile } from '#contract/files.ts';
import type { Port } from '#contract/rpc/port.ts';
import { BrowserTransport } from './browser-transport.ts';
import { DesktopTransport } from './desktop-transport.ts';

/** Who answers at the other end. */
export type Role = 'engine' | 'shell';

/** How this page reaches the engine and the shell around it. */
export interface Transport {
  /** Opens a new connection. Rejects when nobody is there (yet). */
  open(role: Role): Promise<Port>;
  /**
   * Hands over files that the user dropped or chose in the page. On the desktop they are opened where they lie, and arrive as
   * an `open` event of the shell; a browser uploads them, and gives them here.
   */
  take(files: readonly File[], onProgress?: (share: number) => void): Promise<readonly GrantedFile[]>;
}

/** The one that fits where this page is shown. */
export function transportOfThisPage(): Transport {
  return window.patchlight === undefined ? new BrowserTransport(window.location) : new DesktopTransport(window);
}
