import { randomBytes } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  Notification,
  nativeTheme,
  protocol,
  session,
  shell,
  utilityProcess,
} from 'electron';
import { toErrorData } from '#contract/errors.ts';
import { messagePort } from '#contract/rpc/message-port.ts';
import { serveApi } from '#contract/rpc/server.ts';
import { shellApi } from '#contract/shell-api.ts';
import { EngineSupervisor } from '#shell/engine-supervisor.ts';
import { rendererFiles } from '#shell/renderer-files.ts';
import { ShellEvents } from '#shell/shell-events.ts';
import { desktopShell } from './desktop-shell.ts';
import { hardenContents, hardenSession } from './hardening.ts';
import { menuTemplate } from './menu.ts';
import { openFiles } from './open-files.ts';
import { pathsOf } from './opened-paths.ts';
import { answerPageMessages } from './page-messages.ts';
import { MEDIA_SCHEME, PAGE_SCHEME } from './page-origin.ts';
import { openPageWindow } from './page-window.ts';
import { answerMedia, answerPage, SCHEMES } from './protocols.ts';
import { startUtilityEngine } from './utility-engine.ts';

/** Electron's main process: puts the parts together. It computes nothing, and data flows past it. */

const isMac = process.platform === 'darwin';
/** As they are built: JavaScript, each beside the other. */
const PRELOAD = fileURLToPath(new URL('../preload/preload.cjs', import.meta.url));
const ENGINE = {
  engine: fileURLToPath(new URL('../engine/process/engine-process.js', import.meta.url)),
  trial: fileURLToPath(new URL('../engine/process/trial-process.js', import.meta.url)),
};

protocol.registerSchemesAsPrivileged(SCHEMES);
app.enableSandbox();
app.on('web-contents-created', (_event, contents) => hardenContents(contents));

const asked = pathsOf(process.argv.slice(app.isPackaged ? 1 : 2), process.cwd());
if (app.requestSingleInstanceLock({ paths: asked })) await run().catch(giveUp);
else app.quit();

async function run(): Promise<void> {
  // macOS opens files this way, also before the app is ready.
  let open = (paths: readonly string[]): void => void asked.push(...paths);
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open([path]);
  });
  await app.whenReady();

  const start = { secret: randomBytes(32).toString('hex'), library: null };
  const parts = { utilityProcess, MessageChannelMain };
  const supervisor = new EngineSupervisor(() => startUtilityEngine(ENGINE, start, parts));
  const events = new ShellEvents(supervisor);
  const grant = (path: string) => supervisor.grant(path);
  const addRecentDocument = (path: string) => app.addRecentDocument(path);
  const openAll = (paths: readonly string[]) => openFiles(paths, { grant, events, addRecentDocument });

  const files = await rendererFiles();
  protocol.handle(PAGE_SCHEME, (request) => answerPage(request, files));
  protocol.handle(MEDIA_SCHEME, (request) => answerMedia(request, (file) => supervisor.locate(file)));
  hardenSession(session.defaultSession);

  const calls = desktopShell({
    events,
    restartEngine: () => supervisor.restart(),
    showOpenDialog: (options) => dialog.showOpenDialog(options),
    openExternal: (url) => shell.openExternal(url),
    dataFolder: () => supervisor.dataFolder(),
    openPath: (path) => shell.openPath(path),
    open: openAll,
    grant,
    locate: (file) => supervisor.locate(file),
    showItemInFolder: (path) => shell.showItemInFolder(path),
    notify(notification) {
      const isSeen = BrowserWindow.getFocusedWindow() !== null;
      if (!isSeen && Notification.isSupported()) new Notification(notification).show();
    },
  });
  const openPort = async (role: 'engine' | 'shell'): Promise<MessagePortMain> => {
    if (role === 'engine') return supervisor.openPage();
    const { port1, port2 } = new MessageChannelMain();
    serveApi(shellApi, calls, messagePort(port1));
    return port2;
  };
  answerPageMessages({ ipcMain, openPort, openFiles: (paths) => void openAll(paths) });

  const showWindow = (): void => {
    const [window] = BrowserWindow.getAllWindows();
    if (window === undefined) {
      const dark = nativeTheme.shouldUseDarkColors;
      openPageWindow(BrowserWindow, { preload: PRELOAD, devTools: !app.isPackaged, dark });
      return;
    }
    if (window.isMinimized()) window.restore();
    window.focus();
  };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate({ isMac, run: (command) => events.publish({ type: 'command', command }) })),
  );
  open = (paths) => {
    showWindow();
    void openAll(paths);
  };
  app.on('second-instance', (_event, _argv, _directory, data) => open(pathsIn(data)));
  app.on('activate', showWindow);
  app.on('window-all-closed', () => {
    if (!isMac) app.quit();
  });
  finishBeforeQuitting(supervisor);

  showWindow();
  await openAll(asked);
}

/** Without its page the program is nothing; what is wrong is said where it can be seen. */
function giveUp(thrown: unknown): void {
  const { message, hint } = toErrorData(thrown);
  dialog.showErrorBox('Patchlight cannot start', `${message}\n${hint ?? ''}`);
  app.exit(1);
}

/** What another start of the program has sent; from the same user, and checked all the same. */
function pathsIn(data: unknown): string[] {
  const paths = (data as { readonly paths?: unknown } | null)?.paths;
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : [];
}

/** Lets the engine write what it has to write before the program ends. */
function finishBeforeQuitting(supervisor: EngineSupervisor<MessagePortMain>): void {
  let finished = false;
  app.on('will-quit', (event) => {
    if (finished) return;
    event.preventDefault();
    void supervisor.finish().finally(() => {
      finished = true;
      app.quit();
    });
  });
}
