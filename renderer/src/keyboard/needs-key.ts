import type { KeyPress } from './command-of-key.ts';

const MOVES = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End', 'PageUp', 'PageDown'];
const PRESSES = [' ', 'Enter'];

/** Whether what has the focus does something of its own with a key: then it is no command. */
export function needsKey(target: EventTarget | null, press: KeyPress): boolean {
  if (!(target instanceof HTMLElement) || press.ctrlKey || press.metaKey) return false;
  // A dialog closes with Escape; nothing of what lies below it is to move.
  if (target.closest('dialog') !== null) return true;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement)
    return true;
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return MOVES.includes(press.key);
    if (target.type === 'radio') return [...MOVES, ...PRESSES].includes(press.key);
    return target.type !== 'checkbox' || PRESSES.includes(press.key);
  }
  // A link or a button is followed; in a list of tabs, arrows move. A slider only moves.
  const role = target.getAttribute('role');
  if (role === 'slider') return MOVES.includes(press.key);
  if (role === 'tab' || role === 'option') return [...MOVES, ...PRESSES].includes(press.key);
  return target.closest('a, button, summary') !== null && PRESSES.includes(press.key);
}
