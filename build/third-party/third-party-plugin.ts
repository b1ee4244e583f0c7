import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { THIRD_PARTY_FILE } from '#contract/third-party.ts';
import { shippedPackages } from './shipped-packages.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** Writes the list of shipped packages with their licences beside the page, from what is really installed and used. */
export function thirdPartyPlugin(): Plugin {
  return {
    name: 'patchlight:third-party',
    generateBundle() {
      const packages = shippedPackages(root, this.getModuleIds());
      this.emitFile({ type: 'asset', fileName: THIRD_PARTY_FILE, source: JSON.stringify(packages) });
    },
  };
}
