import { once } from 'node:events';
import type { Server } from 'node:http';
import { PortUnavailableError } from '#contract/errors.ts';

/**
 * Lets a server listen where only this computer reaches it.
 *
 * @param port 0: a free one.
 * @throws PortUnavailableError
 */
export async function listen(server: Server, port: number): Promise<Server> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
    return server;
  } catch (cause) {
    throw new PortUnavailableError(`Port ${port} cannot be used.`, {
      hint: 'Another program may be using it: choose another one with --port, or leave that out.',
      detail: String(cause),
      cause,
    });
  }
}
