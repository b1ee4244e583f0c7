import { DiskFullError, PatchlightError, UnwritableFileError } from '#contract/errors.ts';

const FULL = ['ENOSPC', 'EDQUOT', 'EFBIG'];

/** What the file system said when `path` was written, in words for people. Anything else is given back as it is. */
export function writeFailure(path: string, thrown: unknown): unknown {
  if (thrown instanceof PatchlightError || !(thrown instanceof Error) || !('code' in thrown)) return thrown;
  const code = String(thrown.code);
  if (!/^E[A-Z0-9]+$/.test(code)) return thrown;
  const parts = { detail: String(thrown), cause: thrown };
  if (FULL.includes(code)) {
    return new DiskFullError(`There is no room left for ${path}.`, {
      hint: 'Make room there, or choose another folder. Nothing was left half-written.',
      ...parts,
    });
  }
  return new UnwritableFileError(`${path} cannot be written.`, {
    hint: 'Check that the folder is there and may be written to, or choose another one.',
    ...parts,
  });
}
