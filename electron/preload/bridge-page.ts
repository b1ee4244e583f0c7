import type { ContextBridge, IpcRenderer, WebUtils } from 'electron';
import { CHANNELS, type PatchlightBridge } from '#contract/window-channels.ts';

export interface PreloadParts {
  readonly contextBridge: Pick<ContextBridge, 'exposeInMainWorld'>;
  readonly ipcRenderer: Pick<IpcRenderer, 'on' | 'send'>;
  readonly webUtils: Pick<WebUtils, 'getPathForFile'>;
  readonly window: {
    readonly location: { readonly origin: string };
    postMessage(message: unknown, origin: string, transfer: readonly unknown[]): void;
  };
}

/**
 * Gives the page what it needs and nothing more: ports to the engine and the shell, and a way to open files that it was given
 * by the user. The page cannot name channels, nor paths.
 */
export function bridgePage({ contextBridge, ipcRenderer, webUtils, window }: PreloadParts): void {
  ipcRenderer.on(CHANNELS.port, (event, request: unknown) => {
    window.postMessage({ patchlight: 'port', request }, window.location.origin, event.ports);
  });
  const bridge: PatchlightBridge = {
    connect: (role, request) => ipcRenderer.send(CHANNELS.connect, role, request),
    openFiles(files) {
      // What a script made up has no path.
      const paths = [...files].map((file) => webUtils.getPathForFile(file as never)).filter((path) => path !== '');
      if (paths.length > 0) ipcRenderer.send(CHANNELS.openFiles, paths);
    },
  };
  contextBridge.exposeInMainWorld('patchlight', bridge);
}
