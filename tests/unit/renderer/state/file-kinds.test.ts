import { describe, expect, test } from 'vitest';
import { isStillName, isVideoName, sortFiles } from '../../../../renderer/src/state/file-kinds.ts';
import { SCREENS, type Screen } from '../../../../renderer/src/state/navigation.svelte.ts';

/** What becomes of one file that is opened while a screen is shown. */
function kindOn(screen: Screen, name: string): string[] {
  const sorted = sortFiles([{ name }], screen);
  return Object.entries(sorted).flatMap(([kind, files]) => (files.length > 0 ? [kind] : []));
}
const others = (...screens: readonly Screen[]) => SCREENS.filter((screen) => !screens.includes(screen));

describe('a file that is opened', () => {
  test.each(['photo.jpg', 'PHOTO.JPEG', 'a.b.png', 'scan.tiff', 'phone.heic', 'logo.svg'])(
    '%s is an image anywhere',
    (name) => {
      for (const screen of SCREENS) expect(kindOn(screen, name), screen).toEqual(['images']);
    },
  );

  test.each(['clip.mp4', 'CLIP.MOV', 'raw.y4m', 'jpg.mp4'])('%s is a video anywhere', (name) => {
    for (const screen of SCREENS) expect(kindOn(screen, name), screen).toEqual(['videos']);
  });

  test.each(['model.pyth', 'MODEL.SAFETENSORS', 'jpg.pt'])('%s is a checkpoint anywhere', (name) => {
    for (const screen of SCREENS) expect(kindOn(screen, name), screen).toEqual(['checkpoints']);
  });

  test('a GIF is an image where images are looked at, and a video elsewhere', () => {
    expect(kindOn('image', 'cat.gif')).toEqual(['images']);
    for (const screen of others('image')) expect(kindOn(screen, 'cat.gif'), screen).toEqual(['videos']);
  });

  test.each(['notes.txt', 'jpg', 'no-ending', '.jpg.'])(
    '%s, whose name says nothing, is what the screen asks for',
    (name) => {
      expect(kindOn('image', name)).toEqual(['images']);
      expect(kindOn('models', name)).toEqual(['checkpoints']);
      for (const screen of others('image', 'models')) expect(kindOn(screen, name), screen).toEqual(['videos']);
    },
  );
});

test('files that are opened together are parted, each kind in its order', () => {
  const files = ['b.png', 'b.mp4', 'a.mp4', 'w.pth', 'a.gif', 'a.png'].map((name) => ({ name }));
  const names = Object.values(sortFiles(files, 'analyse')).map((some) =>
    some.map(({ name }: { name: string }) => name),
  );
  expect(names).toEqual([['w.pth'], ['b.png', 'a.png'], ['b.mp4', 'a.mp4', 'a.gif']]);
});

test('of a folder, a GIF is taken as a video and is no image that is left there', () => {
  expect([isVideoName('cat.gif'), isStillName('cat.gif')]).toEqual([true, false]);
  expect([isVideoName('cat.png'), isStillName('cat.png')]).toEqual([false, true]);
});
