import { once } from 'node:events';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CommandContext } from '../context.ts';
import { wholeNumber } from './options.ts';

interface ServeCommandOptions {
  readonly port: number;
  readonly library?: string;
  readonly open?: boolean;
}

/** `patchlight serve [file…]` */
export function addServeCommand(program: Command, context: CommandContext): void {
  program
    .command('serve')
    .description('Show the app in a browser of this computer.')
    .argument('[file...]', 'videos, or an image, to open')
    .option('--port <n>', 'where to listen, on 127.0.0.1; 0 is a free port', wholeNumber(0, 65_535), 0)
    .option('--library <dir>', 'a folder whose videos can be opened from the page')
    .option('--open', 'open it in the default browser')
    .action((files: string[], options: ServeCommandOptions) => run(files, options, context));
}

async function run(
  files: readonly string[],
  { port, library, open }: ServeCommandOptions,
  { terminal, signal }: CommandContext,
): Promise<void> {
  // The server and all it stands on are loaded for this command only.
  const [{ PatchlightServer }, { openBrowser }] = await Promise.all([
    import('#serve/server.ts'),
    import('#serve/open-browser.ts'),
  ]);
  let shown = false;
  await using server = await PatchlightServer.start({
    files: files.map((file) => resolve(file)),
    port,
    library: library === undefined ? null : resolve(library),
    onAddress(url) {
      if (shown) terminal.note(`For another browser: ${url}`);
      else terminal.print(`Patchlight is at ${url}`);
      shown = true;
    },
  });
  terminal.note('Only this computer reaches it. Ctrl-C ends it.');
  if (open === true && !(await openBrowser(server.url))) {
    terminal.warning('There is no program here that opens a browser: open the address yourself.');
  }
  if (!signal.aborted) await once(signal, 'abort');
  terminal.note('Ending …');
}
