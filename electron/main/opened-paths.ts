import { isAbsolute, resolve } from 'node:path';

/**
 * The files that a command line asks for.
 *
 * @param args Without the program itself. Options are the program's own and Chromium's.
 * @param directory From where relative paths count.
 */
export function pathsOf(args: readonly string[], directory: string): string[] {
  return args
    .filter((arg) => arg !== '' && !arg.startsWith('-') && arg !== '.')
    .map((arg) => (isAbsolute(arg) ? arg : resolve(directory, arg)));
}
