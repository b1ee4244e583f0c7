import { chmod, link, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Draft, removeLeftDrafts } from '#engine/export/targets/draft.ts';
import { isSafeName, safeName } from '#engine/export/targets/safe-name.ts';
import {
  checkInside,
  checkNotSource,
  checkPattern,
  targetPath,
  targetValues,
} from '#engine/export/targets/target-path.ts';
import { type DataFolder, dataFolder } from '../../../fixtures/engine-host.ts';

let data: DataFolder;
let place: string;
beforeEach(async () => {
  data = await dataFolder();
  place = join(data.path, 'place');
  await mkdir(place);
});
afterEach(() => data[Symbol.asyncDispose]());

const never = new AbortController().signal;
async function* content(...chunks: string[]) {
  yield* chunks;
}
const filesIn = async (folder: string) => (await readdir(folder)).sort();

describe('a name', () => {
  test('made safe is safe, and stays as it is when it was', () => {
    const name = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constantFrom(
        '..',
        '.',
        '',
        'CON',
        'nul.mp4',
        'a/b',
        'a\\b',
        'x. ',
        'COM1.tar.gz',
        '日本語',
        `${'é'.repeat(300)}.csv`,
      ),
    );
    fc.assert(
      fc.property(name, (text) => {
        const safe = safeName(text);
        expect(isSafeName(safe)).toBe(true);
        expect(safeName(safe)).toBe(safe);
        expect(basename(safe)).toBe(safe);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(255);
      }),
    );
    expect(safeName('Прыжок (2).csv')).toBe('Прыжок (2).csv');
    expect(safeName(`${'長'.repeat(200)}.boris.csv`)).toMatch(/^長+\.boris\.csv$/);
  });
});

describe('a target', () => {
  test('is never outside of its folder, whatever the video is called', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('..', '../..', '/etc/passwd', 'C:\\x', '{clip}', '~'),
    );
    const pattern = fc.constantFrom('{name}.csv', '{folder}/{name}.csv', 'a/{model}{name}/b.csv', '{name}');
    fc.assert(
      fc.property(nasty, nasty, pattern, (name, folder, wanted) => {
        const path = targetPath('/out', wanted, { name, folder, model: 'm' });
        const below = relative('/out', path);
        expect(below.split(sep)).toHaveLength(wanted.split('/').length);
        expect(below.split(sep)).not.toContain('..');
      }),
    );
  });

  test('is called after the video, its folder and the model', () => {
    const values = targetValues('/home/me/Zoo: day 1/кошка.и.кот.mp4', 'k400');
    expect(targetPath('/out', '{folder}/{name}-{model}.csv', values)).toBe('/out/Zoo_ day 1/кошка.и.кот-k400.csv');
  });

  test.each([
    ['{name', 'one', undefined],
    ['{name}.csv', 'one', undefined],
    ['{name}.{clip}.png', 'each-clip', undefined],
    ['{nam}.csv', 'one', 'unknown placeholder {nam}'],
    ['{name}.png', 'each-clip', 'for each clip'],
    ['{clip}.csv', 'one', 'only one file'],
    ['../{name}.csv', 'one', 'cannot be called that'],
    ['/etc/{name}.csv', 'one', 'cannot be called that'],
    ['a/../../{name}.csv', 'one', 'cannot be called that'],
    ['a\\..\\{name}.csv', 'one', 'cannot be called that'],
    ['con.csv', 'one', 'cannot be called that'],
    ['a:b.csv', 'one', 'cannot be called that'],
  ] as const)('pattern %s for %s: %s', (pattern, files, complaint) => {
    if (complaint === undefined) checkPattern(pattern, files);
    else expect(() => checkPattern(pattern, files)).toThrow(complaint);
  });

  test('does not leave its folder through a link', async () => {
    const [folder, elsewhere] = [join(place, 'out'), join(place, 'elsewhere')];
    await mkdir(folder);
    await mkdir(elsewhere);
    await symlink(elsewhere, join(folder, 'sub'));
    await checkInside(folder, join(folder, 'a.csv'));
    await expect(checkInside(folder, join(folder, 'sub', 'a.csv'))).rejects.toMatchObject({ code: 'target-invalid' });
  });

  test('is never the video itself, by whatever name', async () => {
    const video = join(place, 'v.mp4');
    await writeFile(video, 'frames');
    await link(video, join(place, 'same.mp4'));
    await expect(checkNotSource(join(place, 'same.mp4'), video)).rejects.toMatchObject({ code: 'target-invalid' });
    await checkNotSource(join(place, 'other.mp4'), video);
  });
});

describe('a draft', () => {
  test('becomes its target when it is whole', async () => {
    const target = join(place, 'new', 'a.csv');
    await using draft = await Draft.begin(target);
    await draft.write(content('one', 'two'), never);
    expect(await readdir(join(place, 'new'))).toEqual([basename(draft.path)]);
    await draft.finish(false);
    expect(await readFile(target, 'utf8')).toBe('onetwo');
  });

  test('leaves nothing behind when it fails or is given up', async () => {
    const target = join(place, 'a.csv');
    const failing = (async function* () {
      yield 'half';
      throw new Error('the writer broke');
    })();
    await expect(
      (async () => {
        await using draft = await Draft.begin(target);
        await draft.write(failing, never);
      })(),
    ).rejects.toThrow('the writer broke');
    const stopped = AbortSignal.abort(new Error('stop'));
    await expect(
      (async () => {
        await using draft = await Draft.begin(target);
        await draft.write(content('half', 'more'), stopped);
      })(),
    ).rejects.toThrow('stop');
    expect(await filesIn(place)).toEqual([]);
    expect(await readdir(join(data.path, 'unfinished-exports'))).toEqual([]);
  });

  test('does not take the place of what came meanwhile, unless it may', async () => {
    const target = join(place, 'a.csv');
    {
      await using draft = await Draft.begin(target);
      await draft.write(content('ours'), never);
      await writeFile(target, 'theirs');
      await expect(draft.finish(false)).rejects.toMatchObject({ code: 'target-exists' });
    }
    expect(await readFile(target, 'utf8')).toBe('theirs');
    {
      await using draft = await Draft.begin(target);
      await draft.write(content('ours'), never);
      await draft.finish(true);
    }
    expect(await readFile(target, 'utf8')).toBe('ours');
    expect(await filesIn(place)).toEqual(['a.csv']);
  });

  test('says so where nothing can be written', async () => {
    const file = join(place, 'file');
    await writeFile(file, '');
    await expect(Draft.begin(join(file, 'a.csv'))).rejects.toMatchObject({ code: 'file-unwritable' });
    expect(await readdir(join(data.path, 'unfinished-exports'))).toEqual([]);
    if (process.getuid?.() === 0) return;
    // Root may write everywhere.
    await mkdir(join(place, 'locked'));
    await chmod(join(place, 'locked'), 0o500);
    await expect(Draft.begin(join(place, 'locked', 'a.csv'))).rejects.toMatchObject({ code: 'file-unwritable' });
  });

  test('of a program that was killed is removed at the next start, and nothing else is', async () => {
    const notes = join(data.path, 'unfinished-exports');
    const left = join(place, '.patchlight-0123456789abcdef.part.mp4');
    const precious = join(place, 'precious.csv');
    await mkdir(notes);
    for (const file of [left, precious]) await writeFile(file, 'x');
    // No process has this number: it is above what systems give.
    await writeFile(join(notes, '4194999-0123456789abcdef.json'), JSON.stringify({ draft: left }));
    await writeFile(join(notes, '4194999-fedcba9876543210.json'), JSON.stringify({ draft: precious }));
    await writeFile(join(notes, '4194999-00000000000000aa.json'), 'half a no');
    await using own = await Draft.begin(join(place, 'mine.csv'));
    await removeLeftDrafts();
    expect(await filesIn(place)).toEqual([basename(own.path), 'precious.csv'].sort());
    expect(await readdir(notes)).toHaveLength(1);
  });
});
