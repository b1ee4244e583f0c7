import { fileURLToPath } from 'node:url';
import { Arch, build, type Configuration, DIR_TARGET, type PackagerOptions, Platform } from 'electron-builder';
import { buildDesktop } from '../desktop.ts';
import { buildIcons } from './icons.ts';
import { ensureLibvips } from './libvips.ts';
import { PROCESSORS, packaging } from './packaging.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Builds the desktop app and makes the packages of this computer's system. Gives the paths of the installers. */
export async function makePackages({ unpackedOnly }: { readonly unpackedOnly: boolean }): Promise<readonly string[]> {
  const [, processors = []] = Object.entries(PROCESSORS).find(([system]) => system === process.platform) ?? [];
  await ensureLibvips(process.platform, unpackedOnly ? [process.arch] : processors);
  await buildDesktop();
  await buildIcons();
  const targets = Platform.current().createTarget(unpackedOnly ? DIR_TARGET : null);
  return run(targets, packaging);
}

/**
 * Makes the folder that an installer unpacks, for any system, of what was built.
 *
 * @param changes of {@link packaging}
 */
export async function packUnpacked(
  platform: NodeJS.Platform,
  arch: 'x64' | 'arm64',
  changes: Configuration,
): Promise<void> {
  const targets = Platform.fromString(platform).createTarget(DIR_TARGET, Arch[arch]);
  await run(targets, { ...packaging, ...changes });
}

function run(targets: NonNullable<PackagerOptions['targets']>, config: Configuration): Promise<string[]> {
  // electron-builder writes into what it is given.
  return build({ projectDir: root, targets, config: structuredClone(config), publish: 'never' });
}
