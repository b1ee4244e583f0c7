import { expect, test } from 'vitest';
import { contentBox } from '../../../../renderer/src/overlay/content-box.ts';

test('a picture of the same shape fills the element', () => {
  expect(contentBox({ width: 200, height: 100 }, { width: 20, height: 10 })).toEqual({
    x: 0,
    y: 0,
    width: 200,
    height: 100,
  });
});

test('a narrower one has bars beside it, a wider one above and below', () => {
  expect(contentBox({ width: 200, height: 100 }, { width: 10, height: 10 })).toEqual({
    x: 50,
    y: 0,
    width: 100,
    height: 100,
  });
  expect(contentBox({ width: 200, height: 100 }, { width: 40, height: 10 })).toEqual({
    x: 0,
    y: 25,
    width: 200,
    height: 50,
  });
});

test('without a picture it is the element', () => {
  expect(contentBox({ width: 200, height: 100 }, { width: 0, height: 0 })).toEqual({
    x: 0,
    y: 0,
    width: 200,
    height: 100,
  });
});
