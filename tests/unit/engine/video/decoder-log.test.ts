import { expect, test } from 'vitest';
import { DecoderLog } from '#engine/video/decoder-log.ts';

test('complaints are counted, and the last one is told without the insides of ffmpeg', () => {
  const log = new DecoderLog();
  log.note('[Parsed_showinfo_2 @ 0x5581] [info] n: 0 pts: 0');
  expect([log.errorCount, log.lastError]).toEqual([0, '']);
  log.note('[h264 @ 0x55f84fa7f040] [error] mmco: unref short failure');
  log.note('[mov,mp4 @ 0x55645f5d89c0] [error] stream 0, offset 0x31403: partial file');
  expect(log.errorCount).toBe(2);
  expect(log.lastError).toBe('stream 0, offset 0x31403: partial file');
  expect(log.detail).toContain('[h264 @ 0x55f84fa7f040] [error] mmco: unref short failure');
});
