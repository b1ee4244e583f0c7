import { parseArgs } from 'node:util';
import { makePackages } from './packages/make-packages.ts';
import { PACKAGES } from './packages/packaging.ts';

/** `npm run package`: makes the installers of this computer's system. `-- --dir` makes the folder that they unpack, alone. */

const { values } = parseArgs({ options: { dir: { type: 'boolean', default: false } } });
const made = await makePackages({ unpackedOnly: values.dir });
console.log(made.length > 0 ? `Made:\n${made.join('\n')}` : `Made: ${PACKAGES}`);
