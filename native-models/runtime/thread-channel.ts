import { Worker } from 'node:worker_threads';
import type { Channel } from './channel.ts';
import type { NumberedRequest, Reply } from './messages.ts';

/** How long a process that wants to exit waits for the native call under way. */
const EXIT_PATIENCE_MS = 15_000;

/**
 * A worker thread of this process, which onnxruntime-node does not let go of in the middle of a call: a thread that is
 * terminated then (or a process that exits) aborts the whole process. So a busy thread is never terminated, and
 * an exiting process waits for it.
 *
 * @param url The worker's file; another one than ours only in tests.
 */
export function threadChannel(url: URL = new URL('./worker-thread.ts', import.meta.url)): Channel {
  const shared = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const underWay = new Int32Array(shared);
  const worker = new Worker(url, { workerData: shared, execArgv: [], name: 'inference' });
  const waitUntilIdle = () => {
    const end = performance.now() + EXIT_PATIENCE_MS;
    for (let n = Atomics.load(underWay, 0); n > 0 && performance.now() < end; n = Atomics.load(underWay, 0)) {
      Atomics.wait(underWay, 0, n, end - performance.now());
    }
  };
  process.on('exit', waitUntilIdle);
  let failed: string | undefined;
  worker.on('error', (error) => {
    failed = error.message;
  });
  worker.on('exit', () => process.off('exit', waitUntilIdle));
  worker.unref();

  return {
    send(request: NumberedRequest, buffers) {
      Atomics.add(underWay, 0, 1);
      worker.postMessage(request, [...buffers]);
    },
    onReply(listener: (reply: Reply) => void) {
      worker.on('message', listener);
    },
    onGone(listener) {
      worker.once('exit', (code) => listener(failed ?? `The thread ended with code ${code}.`));
    },
    keepAlive(keep) {
      if (keep) worker.ref();
      else worker.unref();
    },
    abandon() {
      if (Atomics.load(underWay, 0) === 0) {
        void worker.terminate();
        return;
      }
      worker.unref();
      worker.once('message', () => void worker.terminate());
    },
  };
}
