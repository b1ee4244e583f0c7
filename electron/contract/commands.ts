import { z } from 'zod';

/**
 * Everything that the user can do by menu or key, in one table: native menus, the page's keyboard and its overlay of keys are
 * made from it.
 *
 * A key is written as Electron writes accelerators, with `Mod` for Ctrl or ⌘. A key without modifier works only while no
 * text is being typed.
 */
interface CommandDefinition {
  readonly title: string;
  readonly menu: 'File' | 'Playback' | 'Overlay' | 'Analysis' | 'Queue' | 'View' | 'Help';
  /** A line is drawn between groups. */
  readonly group: number;
  /** The first one is shown in menus. */
  readonly keys: readonly string[];
}

const table = {
  'file.open': { title: 'Open Videos…', menu: 'File', group: 1, keys: ['Mod+O', 'O'] },
  'file.open-sample': { title: 'Open the Sample', menu: 'File', group: 1, keys: [] },
  'file.import-model': { title: 'Import a Model…', menu: 'File', group: 2, keys: ['Mod+I'] },
  'file.export': { title: 'Export…', menu: 'File', group: 3, keys: ['Mod+E', 'E'] },

  'playback.toggle': { title: 'Play or Pause', menu: 'Playback', group: 1, keys: ['Space'] },
  'playback.backwards': { title: 'Play Backwards', menu: 'Playback', group: 1, keys: ['J'] },
  'playback.pause': { title: 'Pause', menu: 'Playback', group: 1, keys: ['K'] },
  'playback.forwards': { title: 'Play Forwards, Faster Each Time', menu: 'Playback', group: 1, keys: ['L'] },
  'playback.previous-frame': { title: 'Previous Frame', menu: 'Playback', group: 2, keys: [','] },
  'playback.next-frame': { title: 'Next Frame', menu: 'Playback', group: 2, keys: ['.'] },
  'playback.step-back': { title: 'Back 1 s', menu: 'Playback', group: 2, keys: ['Left'] },
  'playback.step-forward': { title: 'Forward 1 s', menu: 'Playback', group: 2, keys: ['Right'] },
  'playback.previous-interval': { title: 'Previous Action', menu: 'Playback', group: 3, keys: ['Shift+Left', 'Up'] },
  'playback.next-interval': { title: 'Next Action', menu: 'Playback', group: 3, keys: ['Shift+Right', 'Down'] },
  'playback.previous-disagreement': { title: 'Previous Disagreement', menu: 'Playback', group: 3, keys: ['Shift+D'] },
  'playback.next-disagreement': { title: 'Next Disagreement', menu: 'Playback', group: 3, keys: ['D'] },
  'playback.start': { title: 'To the Start', menu: 'Playback', group: 4, keys: ['Home'] },
  'playback.end': { title: 'To the End', menu: 'Playback', group: 4, keys: ['End'] },

  'overlay.off': { title: 'No Overlay', menu: 'Overlay', group: 1, keys: ['1'] },
  'overlay.kept': { title: 'Kept Patches', menu: 'Overlay', group: 1, keys: ['2'] },
  'overlay.heat': { title: 'Heat Map', menu: 'Overlay', group: 1, keys: ['3'] },
  'overlay.outline': { title: 'Outline', menu: 'Overlay', group: 1, keys: ['4'] },
  'overlay.next-map': { title: 'Next Map', menu: 'Overlay', group: 2, keys: ['H'] },
  'overlay.crops': { title: 'Show the Crops', menu: 'Overlay', group: 2, keys: ['C'] },

  'analysis.lower-threshold': { title: 'Lower the Threshold', menu: 'Analysis', group: 1, keys: ['['] },
  'analysis.raise-threshold': { title: 'Raise the Threshold', menu: 'Analysis', group: 1, keys: [']'] },
  'analysis.apply-to-all': { title: 'Apply to All Clips', menu: 'Analysis', group: 1, keys: ['Mod+Enter'] },
  'analysis.cancel': { title: 'Cancel', menu: 'Analysis', group: 2, keys: ['Escape'] },
  'analysis.resume': { title: 'Resume', menu: 'Analysis', group: 2, keys: ['R'] },

  'queue.add': { title: 'Add Videos to the Queue…', menu: 'Queue', group: 1, keys: ['A'] },
  'queue.pause': { title: 'Pause or Start the Queue', menu: 'Queue', group: 1, keys: ['P'] },
  'queue.open': { title: 'Open the Chosen Result', menu: 'Queue', group: 2, keys: ['Enter'] },
  'queue.remove': { title: 'Remove the Chosen Video', menu: 'Queue', group: 2, keys: ['Delete', 'Backspace'] },
  'queue.clear': { title: 'Remove What Is Over', menu: 'Queue', group: 3, keys: [] },

  'view.analyse': { title: 'Analyse', menu: 'View', group: 1, keys: ['Mod+1', 'Shift+1'] },
  'view.compare': { title: 'Compare', menu: 'View', group: 1, keys: ['Mod+2', 'Shift+2'] },
  'view.image': { title: 'Image', menu: 'View', group: 1, keys: ['Mod+3', 'Shift+3'] },
  'view.models': { title: 'Models', menu: 'View', group: 1, keys: ['Mod+4', 'Shift+4'] },
  'view.queue': { title: 'Queue', menu: 'View', group: 1, keys: ['Mod+5', 'Shift+5'] },
  'view.settings': { title: 'Settings', menu: 'View', group: 1, keys: ['Mod+,'] },
  'view.zoom-timeline-in': { title: 'Zoom the Timeline In', menu: 'View', group: 2, keys: ['='] },
  'view.zoom-timeline-out': { title: 'Zoom the Timeline Out', menu: 'View', group: 2, keys: ['-'] },
  'view.whole-timeline': { title: 'Show the Whole Timeline', menu: 'View', group: 2, keys: ['0'] },

  'help.keyboard': { title: 'Keyboard', menu: 'Help', group: 1, keys: ['?'] },
  'help.about': { title: 'About Patchlight', menu: 'Help', group: 1, keys: [] },
} as const satisfies Record<string, CommandDefinition>;

export type CommandId = keyof typeof table;

export interface Command extends CommandDefinition {
  readonly id: CommandId;
}

/** In the order of the menus. */
export const COMMANDS: readonly Command[] = Object.entries(table).map(([id, definition]) => ({
  id: id as CommandId,
  ...definition,
}));

/** The menus, from left to right. */
export const MENUS = ['File', 'Playback', 'Overlay', 'Analysis', 'Queue', 'View', 'Help'] as const;

export const commandIdSchema = z.enum(Object.keys(table) as [CommandId, ...CommandId[]]);
