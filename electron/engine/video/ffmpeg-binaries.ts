import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { FfmpegMissingError } from '#contract/errors.ts';

type Binary = 'ffmpeg' | 'ffprobe';

/** Where package managers of macOS put programs: one that was not started by a shell is not told of them. */
const MAC_FOLDERS = ['/opt/homebrew/bin', '/usr/local/bin', '/opt/local/bin'];

/**
 * The folders in which programs are looked for, in this order.
 *
 * @param searchPath the environment's `PATH`
 */
export function programFolders(
  searchPath: string | undefined,
  platform: NodeJS.Platform = process.platform,
): readonly string[] {
  const named = (searchPath ?? '').split(delimiter).filter((folder) => folder !== '');
  return platform === 'darwin' ? [...new Set([...named, ...MAC_FOLDERS])] : named;
}

/**
 * Path of ffmpeg or ffprobe: `FFMPEG_PATH` or `FFPROBE_PATH` where set, else the first on the search path.
 *
 * @throws FfmpegMissingError with the way to install it
 */
export async function findBinary(name: Binary): Promise<string> {
  const chosen = process.env[`${name.toUpperCase()}_PATH`];
  const file = process.platform === 'win32' ? `${name}.exe` : name;
  const candidates = chosen ? [chosen] : programFolders(process.env.PATH).map((folder) => join(folder, file));
  for (const candidate of candidates) {
    const found = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    );
    if (found) return candidate;
  }
  throw new FfmpegMissingError(
    chosen ? `${name} was not found at ${chosen}.` : `${name} was not found on this computer.`,
    { hint: `${installHint()} Or name its place in the environment variable ${name.toUpperCase()}_PATH.` },
  );
}

function installHint(): string {
  switch (process.platform) {
    case 'darwin':
      return 'Install it with "brew install ffmpeg".';
    case 'win32':
      return 'Install it with "winget install ffmpeg" and open a new window.';
    default:
      return 'Install it with your package manager, for example "sudo apt install ffmpeg".';
  }
}

/** Input options that keep ffmpeg and ffprobe from opening anything but the one file. */
export const LOCAL_FILES_ONLY = ['-protocol_whitelist', 'file,pipe,fd'] as const;
