import type { MenuItemConstructorOptions } from 'electron';
import { COMMANDS, type Command, type CommandId, MENUS } from '#contract/commands.ts';

export interface MenuParts {
  readonly isMac: boolean;
  /** Sends a command to the page. */
  readonly run: (command: CommandId) => void;
}

/** Native menus with every command of the table and its key. */
export function menuTemplate(parts: MenuParts): MenuItemConstructorOptions[] {
  const menus: MenuItemConstructorOptions[] = MENUS.map((menu) => ({
    label: menu === 'Help' || menu === 'View' || menu === 'File' ? `&${menu}` : menu,
    submenu: [...itemsOf(menu, parts), ...systemItems(menu, parts)],
    ...(menu === 'Help' ? { role: 'help' as const } : {}),
  }));
  const edit: MenuItemConstructorOptions = { role: 'editMenu' };
  const [file, ...others] = menus;
  const first = file === undefined ? [] : [file, edit];
  return parts.isMac ? [{ role: 'appMenu' }, ...first, ...others, { role: 'windowMenu' }] : [...first, ...others];
}

function itemsOf(menu: Command['menu'], { isMac, run }: MenuParts): MenuItemConstructorOptions[] {
  const items: MenuItemConstructorOptions[] = [];
  let group: number | undefined;
  for (const command of COMMANDS.filter((one) => one.menu === menu)) {
    if (group !== undefined && command.group !== group) items.push({ type: 'separator' });
    group = command.group;
    items.push({ id: command.id, label: command.title, click: () => run(command.id), ...keyOf(command, isMac) });
  }
  return items;
}

/**
 * The key that a menu shows. Keys without a modifier are left to the page, which knows whether text is being typed; macOS
 * cannot show a key without taking it.
 */
function keyOf({ keys: [key] }: Command, isMac: boolean): Partial<MenuItemConstructorOptions> {
  if (key === undefined) return {};
  if (key.startsWith('Mod+')) return { accelerator: key.replace('Mod', 'CmdOrCtrl') };
  return isMac ? {} : { accelerator: key, registerAccelerator: false };
}

/** What the system does by itself. */
function systemItems(menu: Command['menu'], { isMac }: MenuParts): MenuItemConstructorOptions[] {
  const line: MenuItemConstructorOptions = { type: 'separator' };
  if (menu === 'File') {
    const recent: MenuItemConstructorOptions[] = isMac
      ? [{ label: 'Open Recent', role: 'recentDocuments', submenu: [{ role: 'clearRecentDocuments' }] }]
      : [];
    return [...recent, line, { role: isMac ? 'close' : 'quit' }];
  }
  if (menu === 'View') {
    return [line, { role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, line, { role: 'togglefullscreen' }];
  }
  return [];
}
