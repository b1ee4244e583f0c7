import { Command, CommanderError } from 'commander';
import { makePackages } from './packages/make-packages.ts';
import { PACKAGES } from './packages/packaging.ts';

/** `npm run package`: makes the installers of this computer's system. */

const command = new Command('package')
  .description("Makes the installers of this computer's system.")
  .option('--dir', 'make the folder that they unpack, alone', false)
  .exitOverride();

try {
  const { dir } = command.parse().opts<{ readonly dir: boolean }>();
  const made = await makePackages({ unpackedOnly: dir });
  console.log(made.length > 0 ? `Made:\n${made.join('\n')}` : `Made: ${PACKAGES}`);
} catch (thrown) {
  if (!(thrown instanceof CommanderError)) throw thrown;
  process.exitCode = thrown.exitCode === 0 ? 0 : 2;
}
