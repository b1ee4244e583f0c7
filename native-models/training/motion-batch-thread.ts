import { parentPort, workerData } from 'node:worker_threads';
import { MotionBatchPainter, type MotionBatchSettings } from './motion-batch.ts';

/**
 * A thread that draws batches: `workerData` says of what, messages say which. What it throws ends it, and reaches
 * `motion-batches.ts` as the worker's error.
 */

if (parentPort === null) {
  throw new Error('motion-batch-thread.ts is the inside of a worker thread and cannot be run by itself.');
}
const port = parentPort;
const painter = new MotionBatchPainter(workerData as MotionBatchSettings);

port.on('message', (index: number) => {
  const batch = painter.batch(index);
  const { clips, labels, foreground, regions } = batch;
  port.postMessage({ index, batch }, [clips.buffer, labels.buffer, foreground.buffer, regions.buffer]);
});
