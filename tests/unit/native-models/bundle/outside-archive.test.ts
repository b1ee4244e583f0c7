import { expect, test } from 'vitest';
import { outsideArchive } from '#native-models/bundle/outside-archive.ts';

test.each([
  [
    '/opt/Patchlight/resources/app.asar/native-models/bundles/',
    '/opt/Patchlight/resources/app.asar.unpacked/native-models/bundles/',
  ],
  [
    'C:\\Patchlight\\resources\\app.asar\\build\\sample\\a.mp4',
    'C:\\Patchlight\\resources\\app.asar.unpacked\\build\\sample\\a.mp4',
  ],
])('in a packaged app a file lies beside the archive: %s', (inside, outside) => {
  expect(outsideArchive(inside)).toBe(outside);
});

test.each(['/home/me/patchlight/native-models/bundles/', '/opt/app.asar.unpacked/x', '/home/me/my-app.asar/x'])(
  'anywhere else it lies where it is: %s',
  (path) => {
    expect(outsideArchive(path)).toBe(path);
  },
);
