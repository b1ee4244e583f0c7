import { parentPort, workerData } from 'node:worker_threads';
import { DrawnBatchPainter, type DrawnBatchSettings } from './drawn-batch.ts';

/**
 * A thread that draws batches: `workerData` says of what, messages say which. What it throws ends it, and reaches
 * `drawn-batches.ts` as the worker's error.
 */

if (parentPort === null) {
  throw new Error('drawn-batch-thread.ts is the inside of a worker thread and cannot be run by itself.');
}
const port = parentPort;
const painter = new DrawnBatchPainter(workerData as DrawnBatchSettings);

port.on('message', (index: number) => {
  const batch = painter.batch(index);
  const { clips, labels, foreground, regions } = batch;
  port.postMessage({ index, batch }, [clips.buffer, labels.buffer, foreground.buffer, regions.buffer]);
});
