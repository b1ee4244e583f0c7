import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlreadyRunningError } from '#contract/errors.ts';

/**
 * Keeps a second engine away from a folder of data: two would overwrite each other's lists.
 *
 * The lock is a local socket that the system closes with the process, so a crash leaves none behind.
 *
 * @throws AlreadyRunningError
 */
export async function lockDirectory(directory: string): Promise<AsyncDisposable> {
  await mkdir(directory, { recursive: true });
  const name = createHash('sha256')
    .update(await realpath(directory))
    .digest('hex')
    .slice(0, 24);
  const address = addressOf(`patchlight-${name}`);
  const server = await listen(address).catch(async (thrown: NodeJS.ErrnoException) => {
    if (thrown.code !== 'EADDRINUSE') throw thrown;
    if (address.startsWith('/') && !(await answers(address))) {
      // Only sockets in the file system outlive their process.
      await rm(address, { force: true });
      return listen(address);
    }
    throw new AlreadyRunningError(`Another Patchlight is working with ${directory}.`, {
      hint: 'Use that one, close it, or set PATCHLIGHT_HOME to another folder for this one.',
    });
  });
  return {
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function addressOf(name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  if (process.platform === 'linux') return `\0${name}`;
  return join(tmpdir(), `${name}.sock`);
}

async function listen(address: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  server.listen(address);
  await once(server, 'listening');
  server.unref();
  return server;
}

async function answers(address: string): Promise<boolean> {
  const socket = connect(address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
