import { describe, expect, it } from 'vitest';
import { SerialQueue } from '#native-models/runtime/serial-queue.ts';

/** Work that ends when told to. */
function held() {
  const { promise, resolve } = Promise.withResolvers<string>();
  return { work: () => promise, finish: resolve };
}

describe('a serial queue', () => {
  it('does one piece of work at a time, in the order of arrival', async () => {
    const queue = new SerialQueue();
    const log: string[] = [];
    const piece = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 2));
      log.push(`${name} ends`);
    };
    await Promise.all([queue.run(piece('a')), queue.run(piece('b')), queue.run(piece('c'))]);
    expect(log).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
  });

  it('goes on after work that failed', async () => {
    const queue = new SerialQueue();
    const failing = queue.run(() => Promise.reject(new Error('no')));
    const next = queue.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    await expect(next).resolves.toBe('yes');
  });

  it('never begins work whose signal was aborted while it waited', async () => {
    const queue = new SerialQueue();
    const first = held();
    const running = queue.run(first.work);
    const abort = new AbortController();
    let began = false;
    const waiting = queue.run(async () => {
      began = true;
    }, abort.signal);
    abort.abort(new Error('changed my mind'));
    await expect(waiting).rejects.toThrow('changed my mind');
    first.finish('done');
    await running;
    await queue.run(() => Promise.resolve());
    expect(began).toBe(false);
  });

  it('answers the caller of running work at once when its signal is aborted, and drops the late result', async () => {
    const queue = new SerialQueue();
    const first = held();
    const abort = new AbortController();
    const running = queue.run(first.work, abort.signal);
    const next = queue.run(() => Promise.resolve('next'));
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    first.finish('late');
    await expect(next).resolves.toBe('next');
  });

  it('refuses work whose signal is aborted already', async () => {
    await expect(
      new SerialQueue().run(() => Promise.resolve(), AbortSignal.abort(new Error('too late'))),
    ).rejects.toThrow('too late');
  });

  it('can refuse everything that waits, and leaves what runs', async () => {
    const queue = new SerialQueue();
    const first = held();
    const running = queue.run(first.work);
    const waiting = [queue.run(() => Promise.resolve()), queue.run(() => Promise.resolve())];
    queue.refuseWaiting(new Error('closed'));
    for (const refused of waiting) await expect(refused).rejects.toThrow('closed');
    first.finish('done');
    await expect(running).resolves.toBe('done');
  });
});
