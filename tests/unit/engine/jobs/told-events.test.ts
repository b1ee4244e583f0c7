import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { toldEvents } from '#engine/jobs/told-events.ts';

type Tell = (event: string) => void;
const never = () => false;
const open = new AbortController().signal;

async function all<R>(events: AsyncGenerator<string, R>): Promise<{ told: string[]; result: R }> {
  const told: string[] = [];
  for (;;) {
    const { done, value } = await events.next();
    if (done === true) return { told, result: value };
    told.push(value);
  }
}

describe('what work tells', () => {
  test('arrives in order, also what was told at once and last, and then its result', async () => {
    const work = async (tell: Tell) => {
      tell('a');
      tell('b');
      await sleep(5);
      tell('c');
      return 7;
    };
    expect(await all(toldEvents(work, never, open))).toEqual({ told: ['a', 'b', 'c'], result: 7 });
  });

  test('is replaced while nobody reads: a slow reader gets the latest report and every other event', async () => {
    const work = async (tell: Tell) => {
      for (const event of ['p1', 'p2', 'x', 'p3', 'p4', 'p5']) tell(event);
    };
    const replaces = (later: string, earlier: string) => later.startsWith('p') && earlier.startsWith('p');
    expect((await all(toldEvents(work, replaces, open))).told).toEqual(['p2', 'x', 'p5']);
  });

  test('ends with what the work throws, after what it told', async () => {
    const work = async (tell: Tell) => {
      tell('a');
      throw new Error('broken');
    };
    const events = toldEvents(work, never, open);
    expect(await events.next()).toEqual({ done: false, value: 'a' });
    // The reader is busy meanwhile: nothing of it goes unheard.
    await sleep(5);
    await expect(events.next()).rejects.toThrow('broken');
  });

  test('is given up when the reader leaves, who waits until it has ended', async () => {
    let ended = false;
    const work = async (tell: Tell, signal: AbortSignal) => {
      tell('a');
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      await sleep(5);
      ended = true;
    };
    for await (const event of toldEvents(work, never, open)) if (event === 'a') break;
    expect(ended).toBe(true);
  });

  test('is given up when the signal says so', async () => {
    const controller = new AbortController();
    const work = (_: Tell, signal: AbortSignal) => sleep(60_000, undefined, { signal });
    const events = toldEvents(work, never, controller.signal);
    const next = events.next();
    controller.abort();
    await expect(next).rejects.toThrow();
  });
});
