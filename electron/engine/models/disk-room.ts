import { mkdir, statfs } from 'node:fs/promises';
import { DiskFullError } from '#contract/errors.ts';

const GB = 1e9;

/**
 * Refuses to begin what cannot end: `bytes` do not fit where `directory` is.
 *
 * @throws DiskFullError
 */
export async function checkRoom(directory: string, bytes: number): Promise<void> {
  await mkdir(directory, { recursive: true });
  const { bavail, bsize } = await statfs(directory);
  const room = bavail * bsize;
  if (bytes <= room) return;
  throw new DiskFullError(
    `There is room for ${(room / GB).toFixed(1)} GB where models are kept, and ${(bytes / GB).toFixed(1)} GB are needed.`,
    { hint: `Make room, or set PATCHLIGHT_HOME to a folder on a larger disk. Models are kept in ${directory}.` },
  );
}

/** `thrown`, or what it means for people when the disk was full. */
export function diskFailure(thrown: unknown): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return thrown;
  return new DiskFullError('There is no room left on the disk.', {
    hint: 'Make room and try again. What has arrived is kept.',
    detail: String(thrown),
    cause: thrown,
  });
}
