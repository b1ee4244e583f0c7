import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, test } from 'vitest';
import { COMMANDS, type CommandId, MENUS } from '#contract/commands.ts';
import { menuTemplate } from '#main/menu.ts';

function built(isMac: boolean) {
  const run: CommandId[] = [];
  const menus = menuTemplate({ isMac, run: (command) => run.push(command) });
  const items = menus.flatMap(({ submenu }) => (submenu ?? []) as MenuItemConstructorOptions[]);
  return { menus, items, run };
}

describe.each([
  ['macOS', true],
  ['elsewhere', false],
])('on %s', (_where, isMac) => {
  test('every command is there once, and is run when it is chosen', () => {
    const { items, run } = built(isMac);
    const commands = items.filter(({ id }) => id !== undefined);
    expect(commands.map(({ id }) => id)).toEqual(COMMANDS.map(({ id }) => id));
    for (const item of commands) item.click?.({} as never, undefined, {} as never);
    expect(run).toEqual(COMMANDS.map(({ id }) => id));
  });

  test('the menus are those of the table, between those of the system', () => {
    const labels = built(isMac).menus.map(({ label, role }) => label?.replace('&', '') ?? role);
    expect(labels.filter((label) => (MENUS as readonly unknown[]).includes(label))).toEqual(MENUS);
    expect(labels).toContain('editMenu');
    expect(labels.includes('appMenu')).toBe(isMac);
  });

  test('a key without a modifier is never taken from the page', () => {
    for (const item of built(isMac).items.filter(({ id }) => id !== undefined)) {
      if (item.accelerator === undefined || String(item.accelerator).startsWith('CmdOrCtrl+')) continue;
      expect(item.registerAccelerator, item.id).toBe(false);
      expect(isMac).toBe(false);
    }
  });

  test('no line is at an edge, and no two lines meet', () => {
    for (const { submenu } of built(isMac).menus) {
      const types = ((submenu ?? []) as MenuItemConstructorOptions[]).map(({ type }) => type ?? 'normal');
      if (types.length === 0) continue;
      expect(types[0]).not.toBe('separator');
      expect(types.at(-1)).not.toBe('separator');
      expect(types.some((type, i) => type === 'separator' && types[i + 1] === 'separator')).toBe(false);
    }
  });
});

test('keys are shown as Electron writes them', () => {
  const { items } = built(false);
  const keyOf = (id: CommandId) => items.find((item) => item.id === id)?.accelerator;
  expect(keyOf('file.open')).toBe('CmdOrCtrl+O');
  expect(keyOf('playback.toggle')).toBe('Space');
  expect(keyOf('view.compare')).toBe('CmdOrCtrl+2');
  expect(keyOf('help.about')).toBeUndefined();
});
