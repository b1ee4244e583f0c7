import type { Event, Session, WebContents } from 'electron';
import { isPageAddress, MEDIA_SCHEME, PAGE_ORIGIN } from './page-origin.ts';

/** What the page may ask of the system: to fill the screen with a video, and to copy text. */
const ALLOWED = new Set(['fullscreen', 'clipboard-sanitized-write']);

/** What a page may load at all. `blob:` and `data:` are made by the page itself; `devtools:` only exists while developing. */
const LOADABLE = new Set(['app:', `${MEDIA_SCHEME}:`, 'blob:', 'data:', 'devtools:']);

type HardenedSession = Pick<
  Session,
  'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
> & { readonly webRequest: Pick<Session['webRequest'], 'onBeforeRequest'> };

/** Refuses every permission that the page has no use for, and everything that would come from elsewhere. */
export function hardenSession(session: HardenedSession): void {
  session.setPermissionRequestHandler((contents, permission, decide) => {
    decide(isPageAddress(contents.getURL()) && ALLOWED.has(permission));
  });
  session.setPermissionCheckHandler((_contents, permission, origin) => {
    return origin.replace(/\/$/, '') === PAGE_ORIGIN && ALLOWED.has(permission);
  });
  session.setDevicePermissionHandler(() => false);
  session.webRequest.onBeforeRequest(({ url }, decide) => {
    decide({ cancel: !LOADABLE.has(URL.parse(url)?.protocol ?? '') });
  });
}

type HardenedContents = Pick<WebContents, 'setWindowOpenHandler'> & {
  on(
    event: 'will-navigate' | 'will-redirect' | 'will-frame-navigate',
    listener: (details: Navigation) => void,
  ): unknown;
  on(event: 'will-attach-webview', listener: (event: Pick<Event, 'preventDefault'>) => void): unknown;
};

interface Navigation extends Pick<Event, 'preventDefault'> {
  readonly url: string;
}

/** Keeps a page where it is: no other address, no other window, no page within. */
export function hardenContents(contents: HardenedContents): void {
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
  for (const event of ['will-navigate', 'will-redirect', 'will-frame-navigate'] as const) {
    contents.on(event, (details) => {
      // A reload is a navigation, too.
      if (!isPageAddress(details.url)) details.preventDefault();
    });
  }
  contents.on('will-attach-webview', (event) => event.preventDefault());
}
