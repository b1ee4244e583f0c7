import { COMMANDS, type CommandId } from '#contract/commands.ts';

/** The part of a KeyboardEvent that matters. */
export interface KeyPress {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** Keys that `KeyboardEvent.key` calls otherwise. */
const NAMED: Readonly<Record<string, string>> = {
  Left: 'ArrowLeft',
  Right: 'ArrowRight',
  Up: 'ArrowUp',
  Down: 'ArrowDown',
  Space: ' ',
};

interface Combination {
  readonly command: CommandId;
  readonly mod: boolean;
  readonly shift: boolean;
  readonly key: string;
}

const COMBINATIONS: readonly Combination[] = COMMANDS.flatMap(({ id, keys }) =>
  keys.map((written) => {
    const parts = written.split('+');
    const key = parts.at(-1) ?? '';
    return { command: id, mod: parts.includes('Mod'), shift: parts.includes('Shift'), key: NAMED[key] ?? key };
  }),
);

/**
 * The command that a key stands for; null for none.
 *
 * @param isMac There ⌘ is what Ctrl is elsewhere.
 */
export function commandOfKey(press: KeyPress, isMac: boolean): CommandId | null {
  const mod = isMac ? press.metaKey : press.ctrlKey;
  const otherModifier = press.altKey || (isMac ? press.ctrlKey : press.metaKey);
  if (otherModifier) return null;
  return COMBINATIONS.find((one) => one.mod === mod && matches(one, press))?.command ?? null;
}

function matches({ key, shift }: Combination, press: KeyPress): boolean {
  // Digits and letters are where they are printed, whatever Shift makes of them.
  if (/^[0-9]$/.test(key)) return press.code === `Digit${key}` && press.shiftKey === shift;
  if (/^[A-Z]$/.test(key)) return press.key.toUpperCase() === key && press.shiftKey === shift;
  // Signs need Shift on some keyboards and not on others.
  if (key.length === 1 && key !== ' ') return press.key === key;
  return press.key === key && press.shiftKey === shift;
}
