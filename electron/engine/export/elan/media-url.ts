import { isAbsolute, relative, sep } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Where a document in `folder` finds its media: the path from there, so that both can be moved together. It is not
 * percent-encoded, as ELAN's own are not. On another drive there is no such path, and the media's own address is given.
 */
export function mediaUrl(folder: string, media: string): string {
  const path = relative(folder, media);
  if (isAbsolute(path)) return pathToFileURL(media).href;
  const slashed = path.split(sep).join('/');
  return slashed.startsWith('../') ? slashed : `./${slashed}`;
}
