import { describe, expect, test } from 'vitest';
import { commandOfKey, type KeyPress } from '../../../renderer/src/keyboard/command-of-key.ts';

/** A key as a keyboard of the United States gives it. */
function press(key: string, modifiers: Partial<KeyPress> = {}): KeyPress {
  const code = /^[0-9]$/.test(key) ? `Digit${key}` : /^[a-z]$/i.test(key) ? `Key${key.toUpperCase()}` : key;
  return { key, code, ctrlKey: false, metaKey: false, altKey: false, shiftKey: false, ...modifiers };
}

test.each([
  [press(' '), 'playback.toggle'],
  [press('j'), 'playback.backwards'],
  [press('k'), 'playback.pause'],
  [press('l'), 'playback.forwards'],
  [press(','), 'playback.previous-frame'],
  [press('.'), 'playback.next-frame'],
  [press('ArrowLeft'), 'playback.step-back'],
  [press('ArrowLeft', { shiftKey: true }), 'playback.previous-interval'],
  [press('1'), 'overlay.off'],
  [press('4'), 'overlay.outline'],
  [press('!', { code: 'Digit1', shiftKey: true }), 'view.analyse'],
  // On a French keyboard the digits need Shift, and their keys are where they are everywhere.
  [press('&', { code: 'Digit1' }), 'overlay.off'],
  [press('['), 'analysis.lower-threshold'],
  // On a German keyboard brackets need AltGr, which is no Alt.
  [press(']', { code: 'Digit9' }), 'analysis.raise-threshold'],
  [press('?', { shiftKey: true }), 'help.keyboard'],
  [press('o'), 'file.open'],
  [press('o', { ctrlKey: true }), 'file.open'],
  [press('e'), 'file.export'],
  [press('d'), 'playback.next-disagreement'],
  [press('D', { shiftKey: true }), 'playback.previous-disagreement'],
  [press('Escape'), 'analysis.cancel'],
])('%o', (key, command) => {
  expect(commandOfKey(key, false)).toBe(command);
});

describe('what is no command', () => {
  test.each([
    press('q'),
    press('c', { ctrlKey: true }),
    press('r', { ctrlKey: true }),
    press('o', { altKey: true }),
    press('o', { metaKey: true }),
    press('O', { shiftKey: true }),
    press('Shift', { shiftKey: true }),
    press('Unidentified'),
  ])('%o', (key) => {
    expect(commandOfKey(key, false)).toBeNull();
  });
});

test('on a Mac ⌘ is what Ctrl is elsewhere', () => {
  expect(commandOfKey(press('o', { metaKey: true }), true)).toBe('file.open');
  expect(commandOfKey(press('o', { ctrlKey: true }), true)).toBeNull();
});
