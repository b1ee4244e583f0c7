import type { Session } from './session.svelte.ts';

/**
 * Follows links to pages of the web: the desktop's window shows no other pages, so they are opened in the user's browser;
 * a browser does that by itself.
 */
export function linkFollower(session: Session): (url: string, event: MouseEvent) => void {
  return (url, event) => {
    const { link } = session;
    if (link.kind !== 'ready' || link.facts.face !== 'desktop') return;
    event.preventDefault();
    void link.shell.shell.openExternal({ url });
  };
}
