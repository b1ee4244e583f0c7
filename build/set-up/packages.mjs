import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import { projectNode, root, runCommand, SetUpError } from './run-command.mjs';

const nodeModules = join(root, 'node_modules');

/** Installs what package-lock.json names, unless it is there already, and sees to it that Node 24 runs. */
export async function ensurePackages() {
  if (!installedAsLocked()) await install();
  if (await nodeRuns()) return;
  console.error('Fetching Node 24 from the npm registry …');
  // npm leaves it out where install scripts are switched off.
  await npm('rebuild', 'node', '--ignore-scripts=false');
  if (await nodeRuns()) return;
  throw new SetUpError(
    `${projectNode} does not run.\nRemove the folder node_modules and start again; if that does not help, see the messages of npm above.`,
  );
}

/**
 * True when node_modules holds every package of package-lock.json in its version. npm writes its own list
 * (node_modules/.package-lock.json) last, so an installation that was broken off has none, or an old one.
 */
function installedAsLocked() {
  const locked = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(nodeModules, '.package-lock.json'));
  if (!locked) throw new SetUpError('package-lock.json is missing or damaged: is this a whole copy of the repository?');
  if (!installed) return false;
  return Object.entries(locked).every(([path, { version, integrity, optional }]) => {
    // Packages for other systems are in the lock as well, all of them optional.
    if (path === '' || (optional && !installed[path])) return true;
    const there = installed[path];
    return there?.version === version && there.integrity === integrity && existsSync(join(root, path, 'package.json'));
  });
}

function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

async function install() {
  console.error('Installing packages (once; about a minute) …');
  rmSync(join(nodeModules, '.package-lock.json'), { force: true });
  const code = await npm('ci', '--no-audit', '--no-fund');
  if (code === 0 && installedAsLocked()) return;
  throw new SetUpError('npm could not install the packages; the reason is above. It needs the npm registry, once.');
}

/** Node itself, and the link by which the scripts of package.json find it. */
async function nodeRuns() {
  const link = join(nodeModules, '.bin', process.platform === 'win32' ? 'node.cmd' : 'node');
  return (
    existsSync(link) &&
    existsSync(projectNode) &&
    (await runCommand(projectNode, ['--version'], { stdout: 'ignore' })) === 0
  );
}

function npm(...args) {
  const [program, ...first] = npmCommand();
  return runCommand(program, [...first, ...args, '--loglevel=error'], { env: npmEnvironment(), stdout: 2 });
}

/** npm as it was called, or else beside this Node, or else from PATH. */
function npmCommand() {
  const called = process.env.npm_execpath;
  if (called && basename(called) === 'npm-cli.js') return [process.env.npm_node_execpath ?? process.execPath, called];
  return process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm'];
}

/** `npm run` puts node_modules/.bin first; npm itself must not run on the Node that it is about to replace. */
function npmEnvironment() {
  const own = join(nodeModules, '.bin');
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== own);
  return { PATH: path.join(delimiter), ONNXRUNTIME_NODE_INSTALL: 'skip' };
}
