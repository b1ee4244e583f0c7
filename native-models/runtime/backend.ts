import type { Channel } from './channel.ts';
import { ChannelWorker, type InferenceWorker } from './inference-worker.ts';
import { processChannel } from './process-channel.ts';
import { threadChannel } from './thread-channel.ts';

/** Where workers come from. Replaced in tests, and where processes have to be made in another way. */
export interface Backend {
  /** The worker that computes. */
  startWorker(): InferenceWorker;
  /** A worker in which one device is tried, and which is abandoned afterwards. */
  startTrial(): InferenceWorker;
}

/** onnxruntime-node in a worker thread; trials in processes of their own, because drivers hang and crash. */
export const ONNXRUNTIME: Backend = {
  startWorker: () => new ChannelWorker(threadChannel()),
  startTrial: () => new ChannelWorker(trialChannel()),
};

// A packaged Electron program cannot start itself as Node (its runAsNode fuse is off): there a thread has to do.
function trialChannel(): Channel {
  return process.versions.electron === undefined ? processChannel() : threadChannel();
}
