/**
 * Makes a fresh clone ready: `node build/set-up.mjs`. It needs nothing but Node and npm, says nothing when there is nothing
 * to do, and may be broken off and repeated at any time. `npm test` and `npm run demo` begin with it.
 */

import { realpathSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ensurePackages } from './set-up/packages.mjs';
import { orExplain, SetUpError } from './set-up/run-command.mjs';
import { ensureFfmpeg, offerSoftwareVulkan } from './set-up/system-tools.mjs';

/** Packages and ffmpeg, and `forTests` what only tests need. Throws {@link SetUpError} with advice. */
export async function setUp({ forTests }) {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19)) {
    throw new SetUpError(
      `Patchlight needs Node 20.19 or newer to start; this is Node ${process.versions.node}.\nGet one from https://nodejs.org, and start again.`,
    );
  }
  await ensureFfmpeg();
  if (forTests) await offerSoftwareVulkan();
  await ensurePackages();
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  await orExplain(async () => {
    await setUp({ forTests: true });
    return 0;
  });
}
