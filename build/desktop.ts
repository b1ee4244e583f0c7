import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { build } from 'vite';
import packageFile from '../package.json' with { type: 'json' };
import { BUILT_RENDERER, buildRenderer } from './renderer.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the built desktop app is: what Electron is started with, and what a package holds. */
export const BUILT_DESKTOP = join(root, 'dist', 'desktop');

/** What runs inside Electron. */
const SOURCES = ['electron/contract', 'electron/engine', 'electron/main', 'electron/shell', 'native-models'];
/** What is there besides programs: found by its place beside them. */
const OTHERS = [
  'native-models/bundles',
  'native-models/checkpoints/labels',
  'build/sample/one-after-another.mp4',
  'build/sample/shape.jpg',
];

/**
 * Builds the desktop app into `directory`: every TypeScript file becomes the JavaScript file beside which everything else lies
 * as it does in the repository, so that what finds its neighbours by their place (worker threads, bundles) finds them. Only the
 * preload is one file, since a sandboxed one can import nothing.
 */
export async function buildDesktop(directory: string = BUILT_DESKTOP): Promise<void> {
  await rm(directory, { recursive: true, force: true });
  for (const folder of SOURCES) await compileFolder(folder, directory);
  for (const path of OTHERS) await cp(join(root, path), join(directory, path), { recursive: true });
  await bundlePreload(join(directory, 'electron', 'preload'));
  await writeFile(join(directory, 'package.json'), `${JSON.stringify(packageOfBuild(), null, 2)}\n`);
  await buildRenderer();
  await cp(BUILT_RENDERER, join(directory, 'dist', 'renderer'), { recursive: true });
}

async function compileFolder(folder: string, directory: string): Promise<void> {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true });
  for (const entry of entries.filter(({ name }) => name.endsWith('.ts'))) {
    const source = join(entry.parentPath, entry.name);
    const target = join(directory, source.slice(root.length)).replace(/\.ts$/, '.js');
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, compile(await readFile(source, 'utf8')));
  }
}

/** One file: types out, and what is named by its place under its new name. */
function compile(source: string): string {
  const { outputText } = ts.transpileModule(source, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2024,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  });
  return outputText.replaceAll(/new URL\('([^']+)\.ts', import\.meta\.url\)/g, "new URL('$1.js', import.meta.url)");
}

async function bundlePreload(outDir: string): Promise<void> {
  await build({
    ...{ root, configFile: false, logLevel: 'warn' },
    build: {
      ...{ outDir, emptyOutDir: true, minify: false, target: 'chrome140' },
      lib: { entry: join(root, 'electron/preload/preload.ts'), formats: ['cjs'], fileName: () => 'preload.cjs' },
      rolldownOptions: { external: ['electron'] },
    },
  });
}

function packageOfBuild(): object {
  const { name, version, description, license, dependencies, imports } = packageFile;
  const built = Object.entries(imports).map(([from, to]) => [`${from}.ts`, `${to}.js`]);
  return {
    ...{ name, productName: 'Patchlight', version, description, license, type: 'module' },
    main: 'electron/main/main.js',
    ...{ imports: Object.fromEntries(built), dependencies },
  };
}
