import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Installs libvips for every processor that a system's packages are made for: npm has installed that of this computer alone.
 *
 * @throws Error when npm cannot
 */
export async function ensureLibvips(platform: NodeJS.Platform, processors: readonly string[]): Promise<void> {
  const file = join(root, 'node_modules/sharp/package.json');
  const versions: Record<string, string> = JSON.parse(readFileSync(file, 'utf8')).optionalDependencies;
  const missing = processors
    .flatMap((processor) => [`@img/sharp-${platform}-${processor}`, `@img/sharp-libvips-${platform}-${processor}`])
    // Windows has both in one.
    .filter((name) => versions[name] !== undefined && !existsSync(join(root, 'node_modules', name)))
    .map((name) => `${name}@${versions[name]}`);
  if (missing.length === 0) return;
  const [program, ...first] = process.platform === 'win32' ? ['cmd.exe', '/d', '/s', '/c', 'npm'] : ['npm'];
  // By force, since they are for another computer; and no word of it in package.json.
  const args = [...first, 'install', '--no-save', '--force', '--ignore-scripts', '--no-audit', '--no-fund', ...missing];
  const env = { ...process.env, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  await promisify(execFile)(program ?? 'npm', args, { cwd: root, env });
}
