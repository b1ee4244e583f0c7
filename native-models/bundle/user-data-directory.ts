import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The folder for what belongs to the user: imported and trained models, settings, caches.
 *
 * `PATCHLIGHT_HOME` wins; otherwise it is where the system keeps such things: the XDG data folder, Application Support,
 * or the local (not roaming) AppData, since models are large.
 */
export function userDataDirectory(
  environment: Environment = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  const { PATCHLIGHT_HOME: chosen, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = environment;
  if (chosen !== undefined && chosen !== '') return resolve(chosen);
  if (platform === 'darwin') return join(home, 'Library', 'Application Support', 'Patchlight');
  if (platform === 'win32') return join(local ?? join(home, 'AppData', 'Local'), 'Patchlight');
  // The XDG specification says that a relative path is to be ignored.
  const data = xdg !== undefined && isAbsolute(xdg) ? xdg : join(home, '.local', 'share');
  return join(data, 'patchlight');
}
