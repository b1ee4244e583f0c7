import { COMMANDS, type CommandId } from '#contract/commands.ts';

const SIGNS_OF_MAC: Readonly<Record<string, string>> = { Mod: '⌘', Shift: '⇧', Alt: '⌥', Enter: '↩', Escape: 'esc' };
const SIGNS: Readonly<Record<string, string>> = { Mod: 'Ctrl', Escape: 'Esc' };
const ARROWS: Readonly<Record<string, string>> = { Left: '←', Right: '→', Up: '↑', Down: '↓' };

/** The keys of a command as they are printed on the keyboards of this system, such as `Ctrl+O` or `⌘O`. */
export function keysOf(id: CommandId, isMac: boolean): readonly string[] {
  const signs = { ...(isMac ? SIGNS_OF_MAC : SIGNS), ...ARROWS };
  const keys = COMMANDS.find((one) => one.id === id)?.keys ?? [];
  return keys.map((written) => {
    const parts = written.split('+').map((part) => signs[part] ?? part);
    return parts.join(isMac ? '' : '+');
  });
}
