import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron';
import { PAGE_ORIGIN } from './page-origin.ts';
import { pagePreferences } from './web-preferences.ts';

export interface PageWindowOptions {
  /** The preload's path. */
  readonly preload: string;
  readonly devTools: boolean;
  /** The window's ground until the page is painted. */
  readonly dark: boolean;
}

/** A page that has crashed is loaded again, but not for ever. */
const MOST_RELOADS = 3;
const RELOAD_WINDOW_MS = 60_000;

/** The window's ground in both themes, as the page's tokens have it. */
const GROUND = { dark: '#14181f', light: '#f3f4f6' };

/** Opens the app's window, where it was the last time. */
export function openPageWindow(
  Window: new (options: BrowserWindowConstructorOptions) => PageWindow,
  { preload, devTools, dark }: PageWindowOptions,
): PageWindow {
  const window = new Window({
    name: 'main',
    windowStatePersistence: true,
    width: 1360,
    height: 860,
    minWidth: 900,
    minHeight: 600,
    show: false,
    title: 'Patchlight',
    backgroundColor: dark ? GROUND.dark : GROUND.light,
    webPreferences: pagePreferences(preload, devTools),
  });
  window.once('ready-to-show', () => window.show());
  let reloads: readonly number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason }) => {
    const now = performance.now();
    reloads = [...reloads.filter((reload) => now - reload < RELOAD_WINDOW_MS), now];
    if (reason !== 'clean-exit' && reloads.length <= MOST_RELOADS) window.webContents.reload();
  });
  void window.loadURL(`${PAGE_ORIGIN}/`);
  return window;
}

/** The part of a BrowserWindow that is needed here. */
export interface PageWindow extends Pick<BrowserWindow, 'show' | 'loadURL'> {
  once(event: 'ready-to-show', listener: () => void): unknown;
  readonly webContents: {
    on(event: 'render-process-gone', listener: (event: unknown, details: { readonly reason: string }) => void): unknown;
    reload(): void;
  };
}
