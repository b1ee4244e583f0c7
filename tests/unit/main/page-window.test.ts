import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindowConstructorOptions } from 'electron';
import { beforeEach, describe, expect, test } from 'vitest';
import { openPageWindow, type PageWindow } from '#main/page-window.ts';

const root = join(import.meta.dirname, '../../..');

/** Stands in for Electron's BrowserWindow, and keeps what it was made with. */
class Window implements PageWindow {
  static made: { options: BrowserWindowConstructorOptions; window: Window }[] = [];
  readonly loaded: string[] = [];
  shown = false;
  reloads = 0;
  readonly #listeners = new Map<string, (event: unknown, details: { reason: string }) => void>();
  #ready = () => {};
  readonly webContents = {
    on: (event: string, listener: (event: unknown, details: { reason: string }) => void) =>
      this.#listeners.set(event, listener),
    reload: () => {
      this.reloads += 1;
    },
  };

  constructor(options: BrowserWindowConstructorOptions) {
    Window.made.push({ options, window: this });
  }

  once(_event: 'ready-to-show', listener: () => void): void {
    this.#ready = listener;
  }

  show(): void {
    this.shown = true;
  }

  async loadURL(url: string): Promise<void> {
    this.loaded.push(url);
  }

  becomeReady(): void {
    this.#ready();
  }

  crash(reason: string): void {
    this.#listeners.get('render-process-gone')?.({}, { reason });
  }
}

beforeEach(() => {
  Window.made = [];
  openPageWindow(Window, { preload: '/app/preload.cjs', devTools: false, dark: true });
});

test('a page may do nothing but be a page', () => {
  expect(Window.made.map(({ options }) => options.webPreferences)).toEqual([
    {
      preload: '/app/preload.cjs',
      devTools: false,
      sandbox: true,
      contextIsolation: true,
      webSecurity: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      safeDialogs: true,
      spellcheck: false,
      backgroundThrottling: false,
    },
  ]);
});

test('there is no other place where a window or a view is made, or preferences are set', () => {
  const files = readdirSync(join(root, 'electron'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({ name, source: readFileSync(join(root, 'electron', name), 'utf8') }));
  const naming = (pattern: RegExp) => files.filter(({ source }) => pattern.test(source)).map(({ name }) => name);
  expect(naming(/webPreferences\s*[:=]/)).toEqual([join('main', 'page-window.ts')]);
  expect(naming(/new (BrowserWindow|BrowserView|WebContentsView|BaseWindow)\b/)).toEqual([]);
  expect(naming(/openPageWindow\(\s*BrowserWindow/)).toEqual([join('main', 'main.ts')]);
  expect(naming(/from 'electron'/).every((name) => /^(main|preload)/.test(name))).toBe(true);
  expect(naming(/contents\.executeJavaScript|insertCSS|remote\b.*require/)).toEqual([]);
});

test('the window shows the page, when it is painted, where it was before', () => {
  const [{ options, window }] = Window.made as [(typeof Window.made)[number]];
  expect(window.loaded).toEqual(['app://patchlight/']);
  expect(options).toMatchObject({ show: false, minWidth: 900, name: 'main', windowStatePersistence: true });
  expect(window.shown).toBe(false);
  window.becomeReady();
  expect(window.shown).toBe(true);
});

test('the window has the ground of the page’s tokens', () => {
  const tokens = readFileSync(join(root, 'renderer/src/styles/tokens.css'), 'utf8');
  const [, light, dark] = /--surface-0: light-dark\((#\w+), (#\w+)\)/.exec(tokens) ?? [];
  openPageWindow(Window, { preload: '', devTools: false, dark: false });
  expect(Window.made.map(({ options }) => options.backgroundColor)).toEqual([dark, light]);
});

describe('a page that crashes', () => {
  test('is loaded again, a few times', () => {
    const { window } = Window.made[0]!;
    for (let i = 0; i < 10; i++) window.crash('crashed');
    expect(window.reloads).toBe(3);
  });

  test('is not, when it was closed', () => {
    const { window } = Window.made[0]!;
    window.crash('clean-exit');
    expect(window.reloads).toBe(0);
  });
});
