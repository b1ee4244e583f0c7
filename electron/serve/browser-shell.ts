import { NotOfferedError } from '#contract/errors.ts';
import type { ShellImplementation } from '#contract/shell-api.ts';
import type { EngineSupervisor } from '#shell/engine-supervisor.ts';
import type { ShellEvents } from '#shell/shell-events.ts';
import { PROGRAM_VERSION } from '#shell/version.ts';

/** Where pages find videos: the id follows. */
export const MEDIA_PATH = '/media/';

/** What a page in a browser may ask of its shell. Dialogs and links are the browser's own business. */
export function browserShell(events: ShellEvents, supervisor: EngineSupervisor<unknown>): ShellImplementation {
  const notOffered = (): never => {
    throw new NotOfferedError('A browser does this by itself.', { hint: 'Drop a file into the window instead.' });
  };
  return {
    shell: {
      facts: () => ({
        face: 'browser',
        version: PROGRAM_VERSION,
        platform: process.platform,
        mediaBase: MEDIA_PATH,
      }),
      events: (_, { signal }) => events.listen(signal),
      chooseVideos: notOffered,
      chooseImage: notOffered,
      chooseCheckpoint: notOffered,
      chooseFolder: notOffered,
      openDataFolder: notOffered,
      showFile: notOffered,
      notify: notOffered,
      restartEngine: () => supervisor.restart(),
      openExternal: notOffered,
    },
  };
}
