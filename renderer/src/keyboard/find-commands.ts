import { COMMANDS, type Command, MENUS } from '#contract/commands.ts';
import { keysOf } from './keys-of.ts';

/** The commands of one menu, with their keys as they are printed on the keyboard. */
export interface MenuOfCommands {
  readonly menu: Command['menu'];
  readonly commands: readonly {
    readonly id: Command['id'];
    readonly title: string;
    readonly keys: readonly string[];
  }[];
}

/**
 * The commands that have every word of `text` in their title, their menu or their keys, in the order of the menus. Menus
 * without any are left out.
 */
export function findCommands(text: string, isMac: boolean): readonly MenuOfCommands[] {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return MENUS.map((menu) => {
    const commands = COMMANDS.filter((command) => command.menu === menu)
      .map(({ id, title }) => ({ id, title, keys: keysOf(id, isMac) }))
      .filter(({ title, keys }) => {
        const searched = [menu, title, ...keys].join(' ').toLowerCase();
        return words.every((word) => searched.includes(word));
      });
    return { menu, commands };
  }).filter(({ commands }) => commands.length > 0);
}
