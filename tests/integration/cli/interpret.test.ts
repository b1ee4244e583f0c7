import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { interpretationSchema, interpretationsSchema } from '#contract/interpretation.ts';
import { importGoldenDeit } from '../../fixtures/golden-deit.ts';
import { gradient } from '../../fixtures/images/odd-images.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

const program = resolve(import.meta.dirname, '../../../electron/cli/main.ts');

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let model: string;
const at = (...names: string[]) => join(folder.path, ...names);
beforeAll(async () => {
  folder = await temporaryFolder();
  model = (await importGoldenDeit(folder.path)).directory;
  for (const name of ['images', 'images/below', 'masks', 'masks/below']) await mkdir(at(name));
  const mask = sharp({ create: { width: 60, height: 40, channels: 3, background: 'black' } }).composite([
    { input: { create: { width: 20, height: 20, channels: 3, background: 'white' } }, left: 5, top: 10 },
  ]);
  for (const name of ['one', 'below/two']) {
    await writeFile(at('images', `${name}.jpg`), await gradient(60, 40).jpeg().toBuffer());
    await writeFile(at('masks', `${name}.png`), await mask.png().toBuffer());
  }
  await writeFile(at('images/broken.png'), 'no image');
});
afterAll(() => folder[Symbol.asyncDispose]());

async function run(...args: string[]) {
  const child = spawn(
    process.execPath,
    [program, 'interpret', ...args, '--device', 'cpu', '--threads', '1', '--model', model],
    {
      env: { ...process.env, PATCHLIGHT_HOME: folder.path, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { code: code as number | null, out, err };
}

describe('patchlight interpret', () => {
  test('does what the published tool does with its arguments, and prints one document', async () => {
    const { code, out } = await run(
      '-p',
      at('images/one.jpg'),
      '-o',
      at('out'),
      '--json',
      '-',
      '--threshold',
      '0.48,0.5,0.52',
    );
    expect(code).toBe(0);
    const document = interpretationSchema.parse(JSON.parse(out));
    expect(document.groups.map(({ threshold }) => threshold)).toEqual([0.48, 0.5, 0.52]);
    expect((await readdir(at('out'))).sort()).toEqual([
      ...['hierarchical.png', 'hierarchical.svg', 'interpret-result.png', 'interpretation.json'],
      ...[1, 2, 3].map((group) => `map-interpreter-${group}.png`),
    ]);
  });

  test('holds the maps of a folder against masks, goes on past a broken image, and says so', async () => {
    const maps = 'interpreter,occlusion,random';
    const { code, out, err } = await run(
      '-p',
      at('images'),
      '-o',
      at('all'),
      '--masks',
      at('masks'),
      '--curves',
      '--maps',
      maps,
      '--json',
      at('copy.json'),
    );
    expect(code).toBe(1);
    expect(err).toContain('broken.png is no image');
    for (const map of ['interpreter-2', 'occlusion', 'random']) {
      expect(out).toMatch(new RegExp(`${map}(\\s+\\d+\\.\\d %){7}\n`));
      expect(out).toMatch(new RegExp(`${map}(\\s+0\\.\\d{3}){4}\n`));
    }
    expect((await readdir(at('all'))).sort()).toEqual(['below', 'interpretations.json', 'maps.png', 'one.jpg']);
    const written = await readFile(at('all/interpretations.json'), 'utf8');
    expect(await readFile(at('copy.json'), 'utf8')).toBe(written);
    const document = interpretationsSchema.parse(JSON.parse(written));
    expect(document.comparison).toMatchObject({ images: 2, maps: [{ masks: { images: 2 } }, {}, {}] });
    expect(document.failures).toMatchObject([{ error: { code: 'not-an-image' } }]);
  });

  test('ends with a sentence where it is used wrongly', async () => {
    const { code, err } = await run('-p', at('images/one.jpg'), '--maps', 'grad-cam');
    expect(code).toBe(2);
    expect(err).toContain('There is no map "grad-cam".');
  });

  test('says where masks are missing: the folder before anything runs, single ones in the end', async () => {
    const image = at('images/one.jpg');
    const nowhere = await run('-p', image, '-o', at('unheld'), '--masks', at('nowhere'));
    expect(nowhere.code).toBe(1);
    expect(nowhere.err).toContain(`There is no folder of masks at ${at('nowhere')}.`);
    expect(nowhere.out).toBe('');
    const none = await run('-p', image, '-o', at('unheld'), '--masks', at('images'), '--maps', 'random');
    expect(none.code).toBe(0);
    expect(none.err).toContain(`No image has a mask in ${at('images')}`);
    const some = await run('-p', image, '-o', at('held'), '--masks', at('masks'), '--maps', 'random');
    expect(some.err).not.toContain('No image has a mask');
    expect(some.out).toContain('of 1 image,');
  });
});
