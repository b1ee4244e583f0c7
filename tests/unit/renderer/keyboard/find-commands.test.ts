import { expect, test } from 'vitest';
import { COMMANDS, MENUS } from '#contract/commands.ts';
import { findCommands } from '../../../../renderer/src/keyboard/find-commands.ts';

const found = (text: string, isMac = false) =>
  findCommands(text, isMac).flatMap(({ commands }) => commands.map(({ id }) => id));

test('without a word, everything is found, by menu', () => {
  expect(findCommands(' ', false).map(({ menu }) => menu)).toEqual(MENUS);
  expect(found('').toSorted()).toEqual(COMMANDS.map(({ id }) => id).toSorted());
});

test('every word counts, in titles, menus and keys', () => {
  expect(found('overlay heat')).toEqual(['overlay.heat']);
  expect(found('CTRL+O')).toEqual(['file.open']);
  expect(found('queue delete')).toEqual(['queue.remove']);
  expect(found('⌘o', true)).toEqual(['file.open']);
  expect(found('nothing like that')).toEqual([]);
});
