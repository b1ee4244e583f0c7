import type { ElectronPortLike } from '#contract/rpc/message-port.ts';
import type { NumberedRequest } from '#native-models/runtime/messages.ts';
import { WorkerService } from '#native-models/runtime/worker-service.ts';

/** A utility process of Electron's in which a device is tried. It is given a port, and ended from outside. */

interface ParentPort {
  once(event: 'message', listener: (event: { readonly ports: readonly ElectronPortLike[] }) => void): void;
}

const { parentPort } = process as { readonly parentPort?: ParentPort };
const service = new WorkerService();

parentPort?.once('message', ({ ports: [port] }) => {
  port?.on('message', async ({ data }) => port.postMessage(await service.reply(data as NumberedRequest)));
  port?.start();
});
