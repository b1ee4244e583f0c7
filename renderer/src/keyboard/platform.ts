/** There ⌘ is what Ctrl is elsewhere. */
export const IS_MAC = navigator.platform.startsWith('Mac');
