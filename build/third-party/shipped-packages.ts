import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ThirdPartyPackage } from '#contract/third-party.ts';

/**
 * What packages lack whose publishers have left their licence out, by name, with `+` for `/`. A package that is made for each
 * system has one text for all of them, `name.txt` for `name-linux-x64`.
 */
const TEXTS = fileURLToPath(new URL('./texts/', import.meta.url));

/** Part of the desktop app, and of nothing else. */
const DESKTOP = ['node_modules/electron'];

interface PackageJson {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** How old packages say it. */
  readonly licenses?: readonly { readonly type: string }[];
  readonly homepage?: string;
  readonly repository?: string | { readonly url: string };
}

/**
 * The packages that are shipped: all that the program needs at run time, what has gone into the page, and Electron. Packages
 * for other systems, which are not installed, are left out.
 *
 * @param root The repository.
 * @param modules Paths of all modules that the page was made of.
 * @throws Error for a package whose licence is not known
 */
export function shippedPackages(root: string, modules: Iterable<string>): ThirdPartyPackage[] {
  const folders = new Set([...runtimeFolders(root), ...DESKTOP, ...pageFolders(root, modules)]);
  const packages = new Map<string, ThirdPartyPackage>();
  for (const folder of folders) {
    if (!existsSync(join(root, folder, 'package.json'))) continue;
    const one = packageIn(join(root, folder));
    packages.set(`${one.name} ${one.version}`, one);
  }
  return [...packages.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function runtimeFolders(root: string): string[] {
  const lock: { packages: Record<string, { dev?: boolean }> } = JSON.parse(
    readFileSync(join(root, 'package-lock.json'), 'utf8'),
  );
  return Object.entries(lock.packages).flatMap(([folder, { dev = false }]) => (folder === '' || dev ? [] : [folder]));
}

function pageFolders(root: string, modules: Iterable<string>): string[] {
  const folders: string[] = [];
  for (const module of modules) {
    const [, path] = /^(?:.*\/)?(node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/]+)\//.exec(module) ?? [];
    if (path !== undefined && existsSync(join(root, path))) folders.push(path);
  }
  return folders;
}

function packageIn(folder: string): ThirdPartyPackage {
  const { name, version, license, licenses, homepage, repository }: PackageJson = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const licence = license ?? licenses?.map(({ type }) => type).join(' OR ');
  const text = licenceText(folder, name);
  if (licence === undefined || text === '') {
    throw new Error(`The licence of ${name} is not known: write it to build/third-party/texts/${textFile(name)}.`);
  }
  const from = homepage ?? (typeof repository === 'string' ? repository : repository?.url);
  return { name, version, licence, homepage: webAddress(from), text };
}

function licenceText(folder: string, name: string): string {
  const own = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && /^(licen[cs]e|copying|notice)/i.test(entry.name))
    .map((entry) => readFileSync(join(folder, entry.name), 'utf8').replaceAll('\r\n', '\n').trim());
  if (own.length > 0) return own.join('\n\n');
  const known = [name, name.replace(SYSTEM, '')]
    .map((one) => join(TEXTS, textFile(one)))
    .find((path) => existsSync(path));
  return known === undefined ? '' : readFileSync(known, 'utf8').trim();
}

/** How names of packages end that are made for one system: `-linux-x64`, `-linuxmusl-arm64`, `-win32-x64`. */
const SYSTEM = /-(linux|linuxmusl|darwin|win32)-\w+$/;

function textFile(name: string): string {
  return `${name.replace('/', '+')}.txt`;
}

/** Repositories are named in many ways: `git+https:…`, `git@github.com:owner/name`, `owner/name`. */
function webAddress(named: string | undefined): string | null {
  if (named === undefined) return null;
  if (/^[\w.-]+\/[\w.-]+$/.test(named)) return `https://github.com/${named}`;
  const url = named
    .replace(/^git@([\w.-]+):/, 'https://$1/')
    .replace(/^(git\+https?|git|http):/, 'https:')
    .replace(/\.git$/, '');
  return url.startsWith('https://') && URL.canParse(url) ? url : null;
}
