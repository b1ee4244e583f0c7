import { fork } from 'node:child_process';
import type { Channel } from './channel.ts';
import type { NumberedRequest, Reply } from './messages.ts';

/**
 * A process of its own, which can be killed at any time.
 *
 * @param url The process's file; another one than ours only in tests.
 */
export function processChannel(url: URL = new URL('./worker-process.ts', import.meta.url)): Channel {
  // What drivers print while they are being tried is of no use to anybody.
  const stdio = ['ignore', 'ignore', 'ignore', 'ipc'] as const;
  const child = fork(url, { serialization: 'advanced', execArgv: [], stdio: [...stdio], windowsHide: true });
  child.unref();
  child.channel?.unref();
  let failed: string | undefined;
  child.on('error', (error) => {
    failed = error.message;
  });

  return {
    send(request: NumberedRequest) {
      // A failure to send is followed by `exit`, which says more.
      child.send(request, () => {});
    },
    onReply(listener) {
      child.on('message', (reply) => listener(reply as Reply));
    },
    onGone(listener) {
      child.once('exit', (code, signal) => listener(failed ?? `The process ended with ${signal ?? `code ${code}`}.`));
    },
    keepAlive(keep) {
      if (keep) {
        child.ref();
        child.channel?.ref();
      } else {
        child.unref();
        child.channel?.unref();
      }
    },
    abandon() {
      child.kill('SIGKILL');
    },
  };
}
