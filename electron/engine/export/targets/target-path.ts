import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, resolve, sep } from 'node:path';
import { TargetInvalidError } from '#contract/errors.ts';
import { isSafeName, safeName, safePart } from './safe-name.ts';

/** What a pattern can say of a video; `{clip}` is added where there is a file for each clip. */
export interface TargetValues {
  /** The video's name without its ending. */
  readonly name: string;
  /** The folder that the video is in. */
  readonly folder: string;
  readonly model: string;
  readonly clip?: string;
}

const PLACEHOLDERS: readonly (keyof TargetValues)[] = ['name', 'folder', 'model', 'clip'];
const CLIP_DIGITS = 5;

export function targetValues(video: string, model: string): TargetValues {
  return { name: basename(video, extname(video)), folder: basename(dirname(video)), model };
}

/** A clip's number as names have it, so that files sort as clips do. */
export function clipNumber(clip: number): string {
  return String(clip).padStart(CLIP_DIGITS, '0');
}

/**
 * Checks a pattern before any work is done for it.
 *
 * @throws TargetInvalidError where it names folders outside of where it begins, has placeholders that do not exist, or says
 *   `{clip}` for a kind that is one file, or not for one that is a file for each clip.
 */
export function checkPattern(pattern: string, files: 'one' | 'each-clip'): void {
  const invalid = (what: string, hint: string) => new TargetInvalidError(`${what}: ${pattern}`, { hint });
  for (const [whole, name] of pattern.matchAll(/\{([^{}]*)\}/g)) {
    if (PLACEHOLDERS.some((known) => known === name)) continue;
    const all = PLACEHOLDERS.map((one) => `{${one}}`).join(', ');
    throw invalid(`The name of a target has the unknown placeholder ${whole}`, `There are ${all}.`);
  }
  const perClip = pattern.includes('{clip}');
  if (files === 'each-clip' && !perClip) {
    throw invalid('There is one file for each clip', 'Put {clip} into the name: {name}.{clip}.png');
  }
  if (files === 'one' && perClip)
    throw invalid('There is only one file for all clips', 'Leave {clip} out of the name.');
  for (const part of partsOf(pattern)) {
    const example = part.replaceAll(/\{[^{}]*\}/g, 'x');
    if (part === '..' || !isSafeName(example)) {
      throw invalid('A target cannot be called that', 'Use a plain name below the folder that the files go into.');
    }
  }
}

/**
 * Where a file goes, below `folder`. Whatever the values are, it is never outside of it.
 *
 * @throws TargetInvalidError
 */
export function targetPath(folder: string, pattern: string, values: TargetValues): string {
  const parts = partsOf(pattern).map((part) => {
    const filled = part.replaceAll(/\{([^{}]*)\}/g, (whole, name: keyof TargetValues) =>
      safePart(values[name] ?? whole),
    );
    return safeName(filled);
  });
  const path = join(resolve(folder), ...parts);
  const below = relative(resolve(folder), path);
  if (parts.length === 0 || below === '' || below.split(sep).includes('..')) {
    throw new TargetInvalidError(`The target ${pattern} is not below ${folder}.`, { hint: 'Give it a plain name.' });
  }
  return path;
}

/**
 * The same after links have been followed: a folder below `folder` may be a link to somewhere else.
 *
 * @param path Its folder has been made.
 * @throws TargetInvalidError
 */
export async function checkInside(folder: string, path: string): Promise<void> {
  const [top, place] = await Promise.all([realpath(folder), realpath(dirname(path))]);
  const below = relative(top, place);
  if (below === '' || (!below.split(sep).includes('..') && resolve(top, below) === place)) return;
  throw new TargetInvalidError(`${path} leads out of ${folder} through a link.`, { hint: 'Choose another folder.' });
}

/** @throws TargetInvalidError where `target` is the very video that is exported. */
export async function checkNotSource(target: string, video: string): Promise<void> {
  const [there, source] = await Promise.all([stat(target).catch(() => null), stat(video).catch(() => null)]);
  if (there === null || source === null || there.ino !== source.ino || there.dev !== source.dev) return;
  throw new TargetInvalidError(`${target} is the video itself, which is never written to.`, {
    hint: 'Choose another name or folder: {name}.annotated.mp4, for instance.',
  });
}

function partsOf(pattern: string): string[] {
  return pattern.split(/[/\\]/);
}
