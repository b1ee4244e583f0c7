import { parentPort, workerData } from 'node:worker_threads';
import type { NumberedRequest } from './messages.ts';
import { buffersOf, WorkerService } from './worker-service.ts';

/** The inference thread. `workerData` counts the requests under way; `thread-channel.ts` raises it. */

if (parentPort === null)
  throw new Error('worker-thread.ts is the inside of a worker thread and cannot be run by itself.');
const port = parentPort;
const underWay = new Int32Array(workerData as SharedArrayBuffer);
const service = new WorkerService();

port.on('message', async (numbered: NumberedRequest) => {
  const reply = await service.reply(numbered);
  Atomics.sub(underWay, 0, 1);
  Atomics.notify(underWay, 0);
  port.postMessage(reply, buffersOf(reply));
  if (numbered.request.kind === 'stop') port.close();
});
