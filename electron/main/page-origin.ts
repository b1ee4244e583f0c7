/** The page's own scheme and host, and the scheme of videos. */
export const PAGE_SCHEME = 'app';
export const PAGE_ORIGIN = 'app://patchlight';
export const MEDIA_SCHEME = 'media';

/** A video's address is this with its file's id behind it. */
export const MEDIA_BASE = 'media://file/';

/** Whether an address is one of the page's own. */
export function isPageAddress(address: string): boolean {
  const url = URL.parse(address);
  return url?.protocol === `${PAGE_SCHEME}:` && url.host === 'patchlight';
}
