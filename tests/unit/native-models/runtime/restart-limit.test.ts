import { expect, it } from 'vitest';
import { RestartLimit } from '#native-models/runtime/restart-limit.ts';

it('allows three restarts within a minute, and more when the minute is over', () => {
  const limit = new RestartLimit(3);
  expect([0, 10_000, 20_000].map((nowMs) => limit.allow(nowMs))).toEqual([true, true, true]);
  expect(limit.allow(59_999)).toBe(false);
  expect(limit.allow(60_000)).toBe(true);
  expect(limit.allow(60_001)).toBe(false);
});
