import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { extractAll, listPackage } from '@electron/asar';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineApi } from '#contract/engine-api.ts';
import { valuesOver } from '#contract/rpc/binary-port.ts';
import { connectApi } from '#contract/rpc/client.ts';
import { VIDEO_EXTENSIONS } from '#contract/video-files.ts';
import { forkEngine } from '#serve/forked-engine.ts';
import { BUILT_DESKTOP, buildDesktop } from '../../../build/desktop.ts';
import { BUILT_ICONS, buildIcons } from '../../../build/packages/icons.ts';
import { packUnpacked } from '../../../build/packages/make-packages.ts';
import { packaging } from '../../../build/packages/packaging.ts';
import { fusesOf, standInDistribution } from '../../fixtures/electron/stand-in-distribution.ts';
import { dataFolder } from '../../fixtures/engine-host.ts';
import { temporaryFolder } from '../../fixtures/temporary-folder.ts';

/** Packages as electron-builder makes them of the built app, around a distribution of Electron that only has its names. */

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
beforeAll(async () => {
  folder = await temporaryFolder();
  await buildDesktop();
  await buildIcons();
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
});

interface Kind {
  readonly platform: 'linux' | 'win32' | 'darwin';
  readonly arch: 'x64' | 'arm64';
  /** Where the app's resources lie in what an installer unpacks. */
  readonly resources: string;
  /** The program, or the library, that has the fuses. */
  readonly program: string;
}

const MAC = 'mac-arm64/Patchlight.app/Contents';
const KINDS: readonly Kind[] = [
  { platform: 'linux', arch: 'x64', resources: 'linux-unpacked/resources', program: 'linux-unpacked/patchlight' },
  { platform: 'win32', arch: 'x64', resources: 'win-unpacked/resources', program: 'win-unpacked/Patchlight.exe' },
  {
    platform: 'darwin',
    arch: 'arm64',
    resources: `${MAC}/Resources`,
    program: `${MAC}/Frameworks/Electron Framework.framework/Electron Framework`,
  },
];

const filesIn = async (directory: string) => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return files.map((path) => path.slice(directory.length + 1).replaceAll('\\', '/')).sort();
};

describe.each(KINDS)('a package for $platform', ({ platform, arch, resources, program }) => {
  let output: string;
  /** Paths in the archive, those of files that lie beside it included. */
  let names: string[];
  let beside: string[];

  beforeAll(async () => {
    output = join(folder.path, platform);
    const electronDist = await standInDistribution(join(folder.path, `electron-${platform}`), platform);
    await packUnpacked(platform, arch, {
      electronDist,
      directories: { ...packaging.directories, output },
      // Neither has a program to work on here.
      mac: { ...packaging.mac, identity: null },
      win: { ...packaging.win, signAndEditExecutable: false },
    });
    const archive = join(output, resources, 'app.asar');
    names = listPackage(archive, { isPack: false }).map((name) => name.replaceAll('\\', '/').slice(1));
    beside = await filesIn(`${archive}.unpacked`);
  });

  test('holds the built app, whole', async () => {
    expect(names).toEqual(expect.arrayContaining(await filesIn(BUILT_DESKTOP)));
  });

  test('holds no sources, tests, tools or maps', () => {
    const tops = new Set(names.map((name) => name.split('/')[0]));
    expect([...tops].sort()).toEqual(['build', 'dist', 'electron', 'native-models', 'node_modules', 'package.json']);
    expect(names.filter((name) => /\.(ts|mts|cts|map)$/.test(name))).toEqual([]);
    const modules = names.filter((name) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(name));
    for (const tool of ['electron', 'electron-builder', 'vitest', 'typescript', 'svelte', 'vite', 'node']) {
      expect(modules).not.toContain(`node_modules/${tool}`);
    }
    expect(names.filter((name) => /^(electron\/(cli|serve)|tests|renderer)\//.test(name))).toEqual([]);
  });

  test('has beside the archive what other programs open: onnxruntime, libvips, models, the sample', () => {
    const places = new Set(beside.map((name) => name.split('/').slice(0, 2).join('/')));
    expect([...places].sort()).toEqual([
      'build/sample',
      'native-models/bundles',
      // Installed for the computer that the test runs on.
      ...(platform === process.platform && arch === process.arch ? ['node_modules/@img'] : []),
      'node_modules/onnxruntime-node',
    ]);
    expect(beside).toEqual(expect.arrayContaining(['build/sample/one-after-another.mp4', 'build/sample/shape.jpg']));
    expect(beside).toContain('native-models/bundles/motions-tiny/model.safetensors');
    expect(beside).toContain(`node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}/onnxruntime_binding.node`);
    const libraries = names.filter((name) => /\.(node|so|dll|dylib)(\.|$)/.test(name));
    expect(beside).toEqual(expect.arrayContaining(libraries));
  });

  test('has onnxruntime for this system alone', () => {
    const kinds = names.filter((name) => /^node_modules\/onnxruntime-node\/bin\/[^/]+\/[^/]+\/[^/]+$/.test(name));
    expect(kinds).toEqual([`node_modules/onnxruntime-node/bin/napi-v6/${platform}/${arch}`]);
  });

  test('has libvips for this system alone', () => {
    const kinds = new Set(
      names.flatMap((name) => /^node_modules\/@img\/sharp-(?:libvips-)?([^/]+)\//.exec(name)?.[1] ?? []),
    );
    const expected = platform === process.platform && arch === process.arch ? [`${platform}-${arch}`] : [];
    expect([...kinds]).toEqual(expected);
    expect(names).toContain('node_modules/sharp/package.json');
  });

  test('has its fuses set', async () => {
    // Run as Node, cookie encryption, NODE_OPTIONS, inspect, asar integrity, asar only, own snapshot, file: privileges.
    expect(fusesOf(await readFile(join(output, program))).slice(0, 8)).toBe('01001100');
  });
});

test('a package runs: its engine analyses the sample with nothing but what is in it', async () => {
  const app = join(folder.path, 'extracted');
  extractAll(join(folder.path, 'linux/linux-unpacked/resources/app.asar'), app);
  await using _data = await dataFolder();
  const engine = forkEngine(
    { secret: 'secret', library: null },
    pathToFileURL(join(app, 'electron/engine/process/engine-process.js')),
  );
  try {
    await engine.ready;
    const { client, close } = connectApi(engineApi, valuesOver(engine.openPage()));
    await client.settings.change({ device: 'cpu', precision: 'fp32' });
    const { file } = await client.videos.openSample();
    const [model] = await client.models.list();
    const { job } = await client.analysis.begin({
      file,
      request: { model: model!.name, views: 1, strideSeconds: 5 },
    });
    const events = await Array.fromAsync(client.analysis.watch({ job }));
    expect(events.at(-1)).toMatchObject({ type: 'done' });
    close();
  } finally {
    engine.kill();
    await engine.ended;
  }
});

test('a package for macOS tells the Finder which files it opens, and takes nobody’s place', async () => {
  const info = await readFile(join(folder.path, 'darwin', MAC, 'Info.plist'), 'utf8');
  for (const extension of VIDEO_EXTENSIONS) expect(info).toContain(`<string>${extension}</string>`);
  expect(info.match(/<string>Alternate<\/string>/g)).toHaveLength(VIDEO_EXTENSIONS.length);
  expect(info).not.toMatch(/<string>(Owner|Default)<\/string>/);
});

test('every system has an icon that was built', async () => {
  const built = await filesIn(BUILT_ICONS);
  for (const icon of [packaging.mac?.icon, packaging.win?.icon]) {
    expect(built).toContain(String(icon).slice(BUILT_ICONS.length + 1));
  }
  expect(packaging.linux?.icon).toBe(join(BUILT_ICONS, 'linux'));
  expect(built).toContain('linux/512x512.png');
});
