import type { Attachment } from 'svelte/attachments';

interface KeepFocus {
  /** A selector of what can take the place of an item that goes: the item behind it, or the one before. */
  readonly items: string;
  /** Takes the focus when no item is left, or when what has gone was none. */
  readonly otherwise: () => HTMLElement;
}

/**
 * Where something that has the focus may go, a row or its button, gives the focus to what is in its place: otherwise a
 * keyboard would be back at the beginning of the page.
 */
export function keepFocus({ items, otherwise }: KeepFocus): Attachment<HTMLElement> {
  return (within) => {
    let focused: Element | null = null;
    let place = -1;
    const itemsNow = () => [...within.querySelectorAll<HTMLElement>(items)];
    const remember = ({ target }: FocusEvent) => {
      if (!(target instanceof Element)) return;
      focused = target;
      place = itemsNow().findIndex((item) => item.contains(target));
    };
    const forget = ({ relatedTarget }: FocusEvent) => {
      if (relatedTarget !== null) focused = null;
    };
    const observer = new MutationObserver(() => {
      const hasGone = focused !== null && !focused.isConnected;
      const isFree = document.activeElement === null || document.activeElement === document.body;
      if (!hasGone || !isFree) return;
      const left = place < 0 ? [] : itemsNow();
      (left[Math.min(place, left.length - 1)] ?? otherwise()).focus();
    });
    observer.observe(within, { childList: true, subtree: true });
    within.addEventListener('focusin', remember);
    within.addEventListener('focusout', forget);
    return () => {
      observer.disconnect();
      within.removeEventListener('focusin', remember);
      within.removeEventListener('focusout', forget);
    };
  };
}
