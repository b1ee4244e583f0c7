import { expect, test } from 'vitest';
import { COMMANDS, commandIdSchema, MENUS } from '#contract/commands.ts';

test('no key stands for two commands', () => {
  const keys = COMMANDS.flatMap(({ keys }) => keys);
  expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
});

test('keys are written as Electron writes them', () => {
  const key =
    /^(Mod\+)?(Shift\+)?([A-Z0-9]|[,.[\]=\-?]|Space|Left|Right|Up|Down|Home|End|Enter|Escape|Delete|Backspace)$/;
  for (const { keys } of COMMANDS) for (const written of keys) expect(written).toMatch(key);
});

test('every command is in a menu, its groups in order', () => {
  for (const menu of MENUS) {
    const groups = COMMANDS.filter((command) => command.menu === menu).map(({ group }) => group);
    expect(groups.length).toBeGreaterThan(0);
    expect(groups).toEqual(groups.toSorted((a, b) => a - b));
  }
  expect(commandIdSchema.options).toEqual(COMMANDS.map(({ id }) => id));
});

test('what people expect of a player is there', () => {
  const keys = new Set(COMMANDS.flatMap(({ keys }) => keys as readonly string[]));
  for (const key of ['Space', 'J', 'K', 'L', ',', '.', 'Left', 'Right', '1', '2', '3', '4', '[', ']', 'O', 'E', '?']) {
    expect(keys, key).toContain(key);
  }
});
