import { expect, test } from 'vitest';
import { CHANNELS, type PatchlightBridge } from '#contract/window-channels.ts';
import { bridgePage } from '../../../electron/preload/bridge-page.ts';

function bridged() {
  const sent: unknown[][] = [];
  const posted: unknown[][] = [];
  const exposed: Record<string, PatchlightBridge> = {};
  let receive: (event: { ports: unknown[] }, request: unknown) => void = () => {};
  bridgePage({
    contextBridge: { exposeInMainWorld: (name, api) => Object.assign(exposed, { [name]: api }) },
    ipcRenderer: {
      on: ((_channel: string, listener: never) => {
        receive = listener;
      }) as never,
      send: (...args) => void sent.push(args),
    },
    webUtils: { getPathForFile: (file) => (file as unknown as { path?: string }).path ?? '' },
    window: {
      location: { origin: 'app://patchlight' },
      postMessage: (...args) => void posted.push(args),
    },
  });
  return { sent, posted, exposed, receive: (...args: Parameters<typeof receive>) => receive(...args) };
}

test('the page gets two functions under one name, and nothing of Electron', () => {
  const { exposed } = bridged();
  expect(Object.keys(exposed)).toEqual(['patchlight']);
  expect(Object.keys(exposed.patchlight!)).toEqual(['connect', 'openFiles']);
});

test('a request for a port goes to the main process, the port comes back through the window of the same origin', () => {
  const { sent, posted, exposed, receive } = bridged();
  exposed.patchlight!.connect('engine', 'number 7');
  expect(sent).toEqual([[CHANNELS.connect, 'engine', 'number 7']]);
  const port = { is: 'a port' };
  receive({ ports: [port] }, 'number 7');
  expect(posted).toEqual([[{ patchlight: 'port', request: 'number 7' }, 'app://patchlight', [port]]]);
});

test('of dropped files the paths are read outside of the page; what a script made has none', () => {
  const { sent, exposed } = bridged();
  exposed.patchlight!.openFiles([{ path: '/v/a.mp4' }, {}, { path: '/v/b.mp4' }]);
  expect(sent).toEqual([[CHANNELS.openFiles, ['/v/a.mp4', '/v/b.mp4']]]);
  exposed.patchlight!.openFiles([{}]);
  expect(sent).toHaveLength(1);
});
