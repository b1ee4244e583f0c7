import type { Session, WebContents } from 'electron';
import { describe, expect, test } from 'vitest';
import { hardenContents, hardenSession } from '#main/hardening.ts';
import { isPageAddress } from '#main/page-origin.ts';

type Handler<K extends keyof Session> = Session[K] extends (handler: infer H) => void ? NonNullable<H> : never;

/** A session that keeps its handlers. */
function hardened() {
  const handlers: {
    request?: Handler<'setPermissionRequestHandler'>;
    check?: Handler<'setPermissionCheckHandler'>;
    device?: Handler<'setDevicePermissionHandler'>;
    before?: (details: { url: string }, decide: (answer: { cancel?: boolean }) => void) => void;
  } = {};
  hardenSession({
    setPermissionRequestHandler: (handler) => Object.assign(handlers, { request: handler }),
    setPermissionCheckHandler: (handler) => Object.assign(handlers, { check: handler }),
    setDevicePermissionHandler: (handler) => Object.assign(handlers, { device: handler }),
    webRequest: { onBeforeRequest: (listener: unknown) => Object.assign(handlers, { before: listener }) } as never,
  });
  return handlers;
}

const contentsAt = (url: string) => ({ getURL: () => url }) as WebContents;

describe('permissions', () => {
  const everything = [
    'media',
    'geolocation',
    'notifications',
    'clipboard-read',
    'hid',
    'usb',
    'openExternal',
    'midi',
    'display-capture',
    'fileSystem',
    'unknown',
  ] as const;

  test.each(everything)('%s is neither given nor said to be', (permission) => {
    const { request, check } = hardened();
    let given: boolean | undefined;
    request!(contentsAt('app://patchlight/'), permission, (answer) => (given = answer), {} as never);
    expect(given).toBe(false);
    expect(check!(null, permission, 'app://patchlight', {} as never)).toBe(false);
  });

  test.each(['fullscreen', 'clipboard-sanitized-write'] as const)(
    '%s is the page’s, and nobody else’s',
    (permission) => {
      const { request, check } = hardened();
      const ask = (url: string) => {
        let given: boolean | undefined;
        request!(contentsAt(url), permission, (answer) => (given = answer), {} as never);
        return given;
      };
      expect(ask('app://patchlight/')).toBe(true);
      expect(check!(null, permission, 'app://patchlight/', {} as never)).toBe(true);
      for (const other of ['https://evil.example/', 'app://evil/', 'app://patchlight.evil/', '']) {
        expect(ask(other), other).toBe(false);
        expect(check!(null, permission, other, {} as never), other).toBe(false);
      }
    },
  );

  test('devices are never given', () => {
    expect(hardened().device!({} as never)).toBe(false);
  });
});

test('nothing is loaded from elsewhere', () => {
  const { before } = hardened();
  const cancelled = (url: string) => {
    let answer: { cancel?: boolean } = {};
    before!({ url }, (given) => (answer = given));
    return answer.cancel;
  };
  for (const url of ['app://patchlight/', 'media://file/abc', 'blob:app://patchlight/1-2', 'data:,x']) {
    expect(cancelled(url), url).toBe(false);
  }
  for (const url of [
    'https://evil.example/',
    'http://127.0.0.1/',
    'ws://evil/',
    'file:///etc/passwd',
    'ftp://x',
    'x',
  ]) {
    expect(cancelled(url), url).toBe(true);
  }
});

describe('a page stays where it is', () => {
  function contents() {
    const listeners = new Map<string, (event: { url: string; preventDefault: () => void }) => void>();
    const windows: { open?: (details: never) => { action: string } } = {};
    hardenContents({
      setWindowOpenHandler: (handler) => Object.assign(windows, { open: handler }),
      on: (event: string, listener: never) => listeners.set(event, listener),
    });
    const isPrevented = (event: string, url: string) => {
      let prevented = false;
      listeners.get(event)!({ url, preventDefault: () => (prevented = true) });
      return prevented;
    };
    return { isPrevented, open: windows.open! };
  }

  test('other addresses are refused, whoever leads there', () => {
    const { isPrevented } = contents();
    for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate']) {
      for (const url of [
        'https://evil.example/',
        'app://evil/',
        'file:///etc/passwd',
        'javascript:1',
        'about:blank',
        '',
      ]) {
        expect(isPrevented(event, url), `${event} ${url}`).toBe(true);
      }
      expect(isPrevented(event, 'app://patchlight/')).toBe(false);
    }
  });

  test('no window is opened, and no page is put into it', () => {
    const { isPrevented, open } = contents();
    expect(open({ url: 'app://patchlight/' } as never)).toEqual({ action: 'deny' });
    expect(isPrevented('will-attach-webview', '')).toBe(true);
  });
});

test.each([
  ['app://patchlight/', true],
  ['app://patchlight/assets/x.js?y#z', true],
  ['APP://patchlight/', true],
  ['app://patchlight@evil/', false],
  ['app://patchlight:1/', false],
  ['app:patchlight', false],
  ['https://patchlight/', false],
])('%s is a page of ours: %s', (address, expected) => {
  expect(isPageAddress(address)).toBe(expected);
});
