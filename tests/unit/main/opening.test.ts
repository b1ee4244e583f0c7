import { describe, expect, test } from 'vitest';
import { FileNotFoundError, UnknownFileError } from '#contract/errors.ts';
import { IMAGE_EXTENSIONS } from '#contract/image-files.ts';
import { connectApi } from '#contract/rpc/client.ts';
import { messagePort } from '#contract/rpc/message-port.ts';
import { serveApi } from '#contract/rpc/server.ts';
import { type ShellEvent, shellApi } from '#contract/shell-api.ts';
import { desktopShell } from '#main/desktop-shell.ts';
import { openFiles } from '#main/open-files.ts';
import { pathsOf } from '#main/opened-paths.ts';
import { ShellEvents } from '#shell/shell-events.ts';
import { MessageChannelMain } from '../../fixtures/electron/ports.ts';

test.each([
  [
    ['a.mp4', '/b/c.mkv'],
    ['/home/a.mp4', '/b/c.mkv'],
  ],
  [['--no-sandbox', '-x.mp4', './-x.mp4'], ['/home/-x.mp4']],
  [['', '.'], []],
])('the command line %j asks for %j', (args, paths) => {
  expect(pathsOf(args, '/home')).toEqual(paths);
});

const GRANTED = 'G'.repeat(22);

/** A desktop shell with a dialog that answers by itself, asked through ports. */
function shell(chosen: string[] = [], refusal = '') {
  const recent: string[] = [];
  const external: string[] = [];
  const folders: string[] = [];
  const dialogs: (readonly string[])[] = [];
  const extensions: (readonly string[])[] = [];
  const revealed: string[] = [];
  const notifications: { readonly title: string; readonly body: string }[] = [];
  const running = { state: 'running', restarts: 0 } as const;
  const events = new ShellEvents({ state: running, onState: () => ({ [Symbol.dispose]() {} }) });
  const grant = async (path: string) => {
    if (path.includes('gone')) throw new FileNotFoundError(`There is no file at ${path}.`);
    return { file: path.padEnd(22, '-').slice(-22).replaceAll(/[/.]/g, '_'), name: path };
  };
  const open = (paths: readonly string[]) =>
    openFiles(paths, { grant, events, addRecentDocument: (path) => recent.push(path) });
  const calls = desktopShell({
    ...{ events, grant, open, restartEngine: () => {} },
    showOpenDialog: async ({ properties, filters = [] }) => {
      dialogs.push(properties ?? []);
      extensions.push(filters[0]?.extensions ?? []);
      return { canceled: chosen.length === 0, filePaths: chosen };
    },
    openExternal: async (url) => void external.push(url),
    dataFolder: async () => '/data',
    openPath: async (path) => {
      folders.push(path);
      return refusal;
    },
    locate: async (file) => {
      if (file !== GRANTED) throw new UnknownFileError('That file was not opened here.');
      return '/exports/a.csv';
    },
    showItemInFolder: (path) => void revealed.push(path),
    notify: (notification) => void notifications.push(notification),
  });
  const { port1, port2 } = new MessageChannelMain();
  serveApi(shellApi, calls, messagePort(port1));
  const { client, close } = connectApi(shellApi, messagePort(port2));
  return {
    client,
    events,
    open,
    recent,
    external,
    folders,
    dialogs,
    extensions,
    revealed,
    notifications,
    [Symbol.dispose]: close,
  };
}

describe('files that the user chose', () => {
  test('before there was a window, are opened by the first one', async () => {
    using it = shell();
    await it.open(['/v/a.mp4', '/v/gone.mp4']);
    const said: ShellEvent[] = [];
    for await (const event of it.client.shell.events()) if (said.push(event) === 3) break;
    expect(said).toMatchObject([
      { type: 'engine', engine: { state: 'running' } },
      { type: 'open-failed', error: { code: 'file-not-found' } },
      { type: 'open', files: [{ name: '/v/a.mp4' }] },
    ]);
    expect(it.recent).toEqual(['/v/a.mp4']);
  });

  test('in a dialog, are given and announced', async () => {
    using it = shell(['/v/a.mp4', '/v/b.mp4']);
    const events = it.client.shell.events();
    await events.next();
    const files = await it.client.shell.chooseVideos();
    expect(files.map(({ name }) => name)).toEqual(['/v/a.mp4', '/v/b.mp4']);
    expect((await events.next()).value).toEqual({ type: 'open', files });
    expect(it.dialogs).toEqual([['openFile', 'multiSelections']]);
  });

  test('as an image, are one, of a kind that is read', async () => {
    using it = shell(['/p/photo.jpg']);
    const events = it.client.shell.events();
    await events.next();
    const image = await it.client.shell.chooseImage();
    expect(image).toMatchObject({ name: '/p/photo.jpg' });
    expect((await events.next()).value).toEqual({ type: 'open', files: [image] });
    expect(it.dialogs).toEqual([['openFile']]);
    expect(it.extensions).toEqual([IMAGE_EXTENSIONS]);
  });

  test('none, when the dialog was cancelled', async () => {
    using it = shell();
    expect(await it.client.shell.chooseVideos()).toEqual([]);
    expect(await it.client.shell.chooseImage()).toBeNull();
    expect(await it.client.shell.chooseCheckpoint({})).toBeNull();
  });

  test('a checkpoint is a file or a folder', async () => {
    using it = shell(['/m/model.pyth']);
    expect(await it.client.shell.chooseCheckpoint({})).toMatchObject({ name: '/m/model.pyth' });
    await it.client.shell.chooseCheckpoint({ folder: true });
    expect(it.dialogs).toEqual([['openFile'], ['openDirectory']]);
  });

  test('a folder for exports is one, or none', async () => {
    using it = shell(['/exports']);
    expect(await it.client.shell.chooseFolder()).toMatchObject({ name: '/exports' });
    expect(it.dialogs).toEqual([['openDirectory', 'createDirectory']]);
    using cancelled = shell();
    expect(await cancelled.client.shell.chooseFolder()).toBeNull();
  });
});

test('a file that was exported is shown in its folder, and no other', async () => {
  using it = shell();
  await it.client.shell.showFile({ file: GRANTED });
  expect(it.revealed).toEqual(['/exports/a.csv']);
  await expect(it.client.shell.showFile({ file: 'X'.repeat(22) })).rejects.toMatchObject({ code: 'file-unknown' });
  await expect(it.client.shell.showFile({ file: '/etc/passwd' })).rejects.toMatchObject({ code: 'request-invalid' });
  expect(it.revealed).toHaveLength(1);
});

test('what is done is said through the system, in so many words', async () => {
  using it = shell();
  const notification = { title: 'a.mp4 is exported.', body: '' };
  await it.client.shell.notify(notification);
  await expect(it.client.shell.notify({ title: '', body: '' })).rejects.toMatchObject({ code: 'request-invalid' });
  await expect(it.client.shell.notify({ title: 'x'.repeat(2000), body: '' })).rejects.toThrow();
  expect(it.notifications).toEqual([notification]);
});

test('commands of menus go to whoever listens, and are not kept', async () => {
  using it = shell();
  it.events.publish({ type: 'command', command: 'file.open' });
  const events = it.client.shell.events();
  await events.next();
  const next = events.next();
  await it.client.shell.facts();
  it.events.publish({ type: 'command', command: 'help.about' });
  expect((await next).value).toEqual({ type: 'command', command: 'help.about' });
});

test.each(['http://example.org', 'file:///etc/passwd', 'javascript:alert(1)', 'smb://x', 'not an address'])(
  '%s is not opened outside',
  async (url) => {
    using it = shell();
    await expect(it.client.shell.openExternal({ url })).rejects.toMatchObject({ code: 'request-invalid' });
    expect(it.external).toEqual([]);
  },
);

test('a page on the web is opened in the browser', async () => {
  using it = shell();
  await it.client.shell.openExternal({ url: 'https://example.org/' });
  expect(it.external).toEqual(['https://example.org/']);
  expect(await it.client.shell.facts()).toMatchObject({ face: 'desktop', mediaBase: 'media://file/' });
});

test('the data folder is shown in the file manager, or it is said why not', async () => {
  using it = shell();
  await it.client.shell.openDataFolder();
  expect(it.folders).toEqual(['/data']);
  using other = shell([], 'There is no file manager');
  await expect(other.client.shell.openDataFolder()).rejects.toMatchObject({
    code: 'file-not-found',
    detail: 'There is no file manager',
  });
});
