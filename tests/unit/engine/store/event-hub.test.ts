import { expect, test } from 'vitest';
import type { EngineEvent } from '#contract/engine-api.ts';
import { DEFAULT_SETTINGS } from '#contract/settings.ts';
import { EventHub } from '#engine/store/event-hub.ts';

const settings = (topK: number): EngineEvent => ({ type: 'settings', settings: { ...DEFAULT_SETTINGS, topK } });
const paused = (now: boolean): EngineEvent => ({ type: 'queue', queue: { paused: now } });

test('a reader is told how things stand, then what changes; of each subject only the last', async () => {
  const hub = new EventHub();
  const stop = new AbortController();
  const events = hub.listen(() => [settings(1)], stop.signal);
  expect((await events.next()).value).toEqual(settings(1));
  for (let topK = 2; topK <= 1000; topK++) {
    hub.publish('settings', settings(topK));
    hub.publish('queue', paused(topK % 2 === 0));
  }
  expect((await events.next()).value).toEqual(settings(1000));
  expect((await events.next()).value).toEqual(paused(true));
  const next = events.next();
  hub.publish('queue', paused(false));
  expect((await next).value).toEqual(paused(false));
  stop.abort(new Error('enough'));
  await expect(events.next()).rejects.toThrow('enough');
});

test('nothing is lost between how things stand and the first change', async () => {
  const hub = new EventHub();
  let topK = 1;
  const events = hub.listen(() => [settings(topK)], new AbortController().signal);
  topK = 2;
  expect((await events.next()).value).toEqual(settings(2));
  hub.publish('settings', settings(3));
  expect((await events.next()).value).toEqual(settings(3));
  await events.return();
});
