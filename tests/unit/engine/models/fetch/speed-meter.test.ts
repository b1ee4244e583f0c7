import { expect, test } from 'vitest';
import { SpeedMeter } from '#engine/models/fetch/speed-meter.ts';

test('the speed is that of the last seconds', () => {
  const meter = new SpeedMeter();
  meter.note(1_000_000, 0);
  expect(meter.bytesPerSecond).toBeNull();
  meter.note(1_000_100, 100);
  expect(meter.bytesPerSecond).toBeNull();
  for (let ms = 1000; ms <= 10_000; ms += 1000) meter.note(1_000_000 + ms, ms);
  expect(meter.bytesPerSecond).toBeCloseTo(1000);
  for (let ms = 11_000; ms <= 20_000; ms += 1000) meter.note(1_010_000 + 5 * (ms - 10_000), ms);
  expect(meter.bytesPerSecond).toBeCloseTo(5000);
});

test('a new beginning forgets what was before', () => {
  const meter = new SpeedMeter();
  meter.note(0, 0);
  meter.note(1e9, 1000);
  meter.reset();
  expect(meter.bytesPerSecond).toBeNull();
  meter.note(1e9, 60_000);
  meter.note(1e9 + 500, 61_000);
  expect(meter.bytesPerSecond).toBeCloseTo(500);
});
