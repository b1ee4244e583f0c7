import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lengthOf, moved, turnedTo, whole, zoomed } from '../../../../renderer/src/timeline/viewport.ts';

const minute = whole(60);

test('zooming keeps what is pointed at where it is', () => {
  expect(zoomed(minute, 2, 15, 60)).toEqual({ startSeconds: 7.5, endSeconds: 37.5 });
  expect(zoomed({ startSeconds: 7.5, endSeconds: 37.5 }, 0.5, 15, 60)).toEqual(minute);
});

test('zooming ends at half a second, and at the whole video', () => {
  expect(lengthOf(zoomed(minute, 1e9, 30, 60))).toBeCloseTo(0.5, 9);
  expect(zoomed({ startSeconds: 10, endSeconds: 20 }, 1e-9, 12, 60)).toEqual(minute);
  expect(zoomed(whole(0.2), 10, 0.1, 0.2)).toEqual(whole(0.2));
});

test('moving ends at the ends of the video', () => {
  const span = { startSeconds: 10, endSeconds: 20 };
  expect(moved(span, 5, 60)).toEqual({ startSeconds: 15, endSeconds: 25 });
  expect(moved(span, -50, 60)).toEqual({ startSeconds: 0, endSeconds: 10 });
  expect(moved(span, 500, 60)).toEqual({ startSeconds: 50, endSeconds: 60 });
});

test('turning the page leaves room ahead of the playhead', () => {
  expect(turnedTo({ startSeconds: 10, endSeconds: 20 }, 20, 60)).toEqual({ startSeconds: 19, endSeconds: 29 });
});

describe('whatever is done', () => {
  test('the timeline shows a part of the video that holds what it was turned to', () => {
    const inside = fc.double({ min: 0, max: 1, noNaN: true });
    const factor = fc.double({ min: 0.01, max: 100, noNaN: true });
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 1e5, noNaN: true }), factor, inside, inside, (duration, f, around, to) => {
        const closer = zoomed(whole(duration), f, around * duration, duration);
        const turned = turnedTo(closer, to * duration, duration);
        for (const { startSeconds, endSeconds } of [closer, turned]) {
          expect(startSeconds).toBeGreaterThanOrEqual(0);
          expect(endSeconds).toBeLessThanOrEqual(duration * (1 + 1e-12));
        }
        expect(turned.startSeconds).toBeLessThanOrEqual(to * duration);
        expect(turned.endSeconds).toBeGreaterThanOrEqual(to * duration * (1 - 1e-12));
      }),
    );
  });
});
