import { delimiter } from 'node:path';
import { expect, test } from 'vitest';
import { programFolders } from '#engine/video/ffmpeg-binaries.ts';

const path = ['/usr/bin', '', '/usr/local/bin'].join(delimiter);

test('programs are looked for where the environment says', () => {
  expect(programFolders(path, 'linux')).toEqual(['/usr/bin', '/usr/local/bin']);
  expect(programFolders(undefined, 'linux')).toEqual([]);
});

test('on macOS also where package managers put them: a window that the Finder opened is not told of them', () => {
  expect(programFolders(path, 'darwin')).toEqual(['/usr/bin', '/usr/local/bin', '/opt/homebrew/bin', '/opt/local/bin']);
});
