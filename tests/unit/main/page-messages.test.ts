import { once } from 'node:events';
import type { MessagePortMain } from 'electron';
import { describe, expect, test } from 'vitest';
import { CHANNELS } from '#contract/window-channels.ts';
import { answerPageMessages } from '#main/page-messages.ts';
import { MessageChannelMain } from '../../fixtures/electron/ports.ts';

const REQUEST = 'b7a1f7c2-3d0e-4a51-9d0c-0a7a3a1b2c3d';

type Listener = Parameters<Parameters<typeof answerPageMessages>[0]['ipcMain']['on']>[1];

function wired(openPort?: (role: string) => Promise<MessagePortMain>) {
  const listeners = new Map<string, Listener>();
  const opened: string[][] = [];
  const asked: string[] = [];
  answerPageMessages({
    ipcMain: { on: (channel, listener) => listeners.set(channel, listener) },
    openPort: (role) => {
      asked.push(role);
      return openPort?.(role) ?? Promise.resolve(new MessageChannelMain().port1);
    },
    openFiles: (paths) => opened.push([...paths]),
  });
  const replies: { channel: string; message: unknown; ports: MessagePortMain[] }[] = [];
  const page = {
    origin: 'app://patchlight',
    parent: null,
    postMessage: (channel: string, message: unknown, ports: MessagePortMain[]) =>
      void replies.push({ channel, message, ports }),
  };
  const say = async (channel: string, senderFrame: unknown, ...args: unknown[]) => {
    listeners.get(channel)!({ senderFrame } as never, ...args);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { say, page, replies, opened, asked };
}

test('the page gets a port, and only that', async () => {
  const { port1, port2 } = new MessageChannelMain();
  const { say, page, replies } = wired(async () => port1);
  await say(CHANNELS.connect, page, 'engine', REQUEST);
  expect(replies).toEqual([{ channel: CHANNELS.port, message: REQUEST, ports: [port1] }]);
  const got = new Promise((resolve) => replies[0]!.ports[0]!.on('message', ({ data }) => resolve(data)));
  port2.postMessage({ scores: new Float32Array([1, 2]) });
  expect(await got).toEqual({ scores: new Float32Array([1, 2]) });
  port2.close();
});

test('without an engine the page hears that there is none', async () => {
  const { say, page, replies } = wired(() => Promise.reject(new Error('no engine')));
  await say(CHANNELS.connect, page, 'engine', REQUEST);
  expect(replies).toEqual([{ channel: CHANNELS.port, message: REQUEST, ports: [] }]);
});

test('files that were dropped are opened', async () => {
  const { say, page, opened } = wired();
  await say(CHANNELS.openFiles, page, ['/videos/a.mp4', '/videos/b.mp4']);
  expect(opened).toEqual([['/videos/a.mp4', '/videos/b.mp4']]);
});

describe('whoever is not the page is not answered', () => {
  const { page } = wired();
  test.each([
    ['a frame that is gone', null],
    ['a frame within the page', { ...page, parent: page }],
    ['another site', { ...page, origin: 'https://evil.example' }],
    ['another host of the scheme', { ...page, origin: 'app://evil' }],
    ['a name that begins alike', { ...page, origin: 'app://patchlight.evil' }],
    ['a sandboxed frame', { ...page, origin: 'null' }],
    ['a file', { ...page, origin: 'file://' }],
  ])('%s', async (_who, frame) => {
    const { say, replies, opened, asked } = wired();
    await say(CHANNELS.connect, frame, 'engine', REQUEST);
    await say(CHANNELS.openFiles, frame, ['/etc/passwd']);
    expect([replies, opened, asked]).toEqual([[], [], []]);
  });
});

test.each([
  ['another role', CHANNELS.connect, ['control', REQUEST]],
  ['no number', CHANNELS.connect, ['engine', 'x']],
  ['too much', CHANNELS.connect, ['engine', REQUEST, 'more']],
  ['nothing', CHANNELS.connect, []],
  ['no paths', CHANNELS.openFiles, [[]]],
  ['what are no paths', CHANNELS.openFiles, [[1, null]]],
  ['an endless path', CHANNELS.openFiles, [['/'.repeat(40_000)]]],
  ['too many paths', CHANNELS.openFiles, [Array(2000).fill('/a')]],
])('%s is dropped', async (_what, channel, args) => {
  const { say, page, replies, opened, asked } = wired();
  await say(channel, page, ...args);
  expect([replies, opened, asked]).toEqual([[], [], []]);
});

test('a page that went away while its port was opened is no failure', async () => {
  const port = Promise.withResolvers<MessagePortMain>();
  const { say, page } = wired(() => port.promise);
  const gone = {
    ...page,
    postMessage: () => {
      throw new Error('Render frame was disposed before WebFrameMain could be accessed');
    },
  };
  await say(CHANNELS.connect, gone, 'engine', REQUEST);
  const rejected = once(process, 'unhandledRejection').then(() => 'unhandled');
  port.resolve(new MessageChannelMain().port1);
  const later = new Promise((resolve) => setTimeout(resolve, 50, 'fine'));
  expect(await Promise.race([rejected, later])).toBe('fine');
});
