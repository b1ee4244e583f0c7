import type { OpenDialogOptions, OpenDialogReturnValue } from 'electron';
import { FileNotFoundError } from '#contract/errors.ts';
import type { FileId, GrantedFile } from '#contract/files.ts';
import { IMAGE_EXTENSIONS } from '#contract/image-files.ts';
import type { ShellImplementation } from '#contract/shell-api.ts';
import { VIDEO_EXTENSIONS } from '#contract/video-files.ts';
import type { ShellEvents } from '#shell/shell-events.ts';
import { PROGRAM_VERSION } from '#shell/version.ts';
import { MEDIA_BASE } from './page-origin.ts';

const VIDEOS: OpenDialogOptions = {
  title: 'Open Videos',
  properties: ['openFile', 'multiSelections'],
  filters: [
    { name: 'Videos', extensions: [...VIDEO_EXTENSIONS] },
    { name: 'All Files', extensions: ['*'] },
  ],
};
const IMAGE: OpenDialogOptions = {
  title: 'Open an Image',
  properties: ['openFile'],
  filters: [
    { name: 'Images', extensions: [...IMAGE_EXTENSIONS] },
    { name: 'All Files', extensions: ['*'] },
  ],
};
const CHECKPOINT: OpenDialogOptions = {
  title: 'Import a Checkpoint',
  properties: ['openFile'],
  filters: [
    { name: 'Checkpoints', extensions: ['pyth', 'pth', 'pt', 'bin', 'safetensors'] },
    { name: 'All Files', extensions: ['*'] },
  ],
};
const CHECKPOINT_FOLDER: OpenDialogOptions = {
  title: 'Import a Hugging Face Folder',
  properties: ['openDirectory'],
};
const EXPORT_FOLDER: OpenDialogOptions = {
  title: 'Export to a Folder',
  buttonLabel: 'Choose',
  properties: ['openDirectory', 'createDirectory'],
};

export interface DesktopShellParts {
  readonly events: ShellEvents;
  readonly restartEngine: () => void;
  readonly showOpenDialog: (options: OpenDialogOptions) => Promise<OpenDialogReturnValue>;
  readonly openExternal: (url: string) => Promise<void>;
  /** Where the engine keeps what belongs to the user. */
  readonly dataFolder: () => Promise<string>;
  /** Gives why a folder cannot be opened; nothing when it is. */
  readonly openPath: (path: string) => Promise<string>;
  /** Opens files that the user chose, and announces them. */
  readonly open: (paths: readonly string[]) => Promise<readonly GrantedFile[]>;
  readonly grant: (path: string) => Promise<GrantedFile>;
  /** Where a file lies that a page may ask for. */
  readonly locate: (file: FileId) => Promise<string>;
  readonly showItemInFolder: (path: string) => void;
  readonly notify: (notification: { readonly title: string; readonly body: string }) => void;
}

/** What a page on the desktop may ask of its shell. */
export function desktopShell(parts: DesktopShellParts): ShellImplementation {
  const { events, restartEngine, showOpenDialog, openExternal, dataFolder, openPath, open, grant } = parts;
  const { locate, showItemInFolder, notify } = parts;
  return {
    shell: {
      facts: () => ({
        face: 'desktop',
        version: PROGRAM_VERSION,
        platform: process.platform,
        mediaBase: MEDIA_BASE,
      }),
      events: (_, { signal }) => events.listen(signal),
      async chooseVideos() {
        const { filePaths } = await showOpenDialog(VIDEOS);
        return open(filePaths);
      },
      async chooseImage() {
        const { filePaths } = await showOpenDialog(IMAGE);
        const [image = null] = await open(filePaths);
        return image;
      },
      async chooseCheckpoint({ folder }) {
        const { filePaths } = await showOpenDialog(folder ? CHECKPOINT_FOLDER : CHECKPOINT);
        const [path] = filePaths;
        return path === undefined ? null : grant(path);
      },
      async chooseFolder() {
        const { filePaths } = await showOpenDialog(EXPORT_FOLDER);
        const [path] = filePaths;
        return path === undefined ? null : grant(path);
      },
      async openDataFolder() {
        const path = await dataFolder();
        const reason = await openPath(path);
        if (reason !== '') throw new FileNotFoundError(`The folder ${path} cannot be shown.`, { detail: reason });
      },
      async showFile({ file }) {
        showItemInFolder(await locate(file));
      },
      notify,
      restartEngine,
      openExternal: ({ url }) => openExternal(url),
    },
  };
}
