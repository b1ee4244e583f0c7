import type { Commands } from '../keyboard/commands.ts';

export const SCREENS = ['analyse', 'compare', 'image', 'models', 'queue', 'settings', 'about'] as const;
export type Screen = (typeof SCREENS)[number];

/** Which screen is shown. */
export class Navigation {
  #screen = $state<Screen>('analyse');

  constructor(commands: Commands) {
    for (const screen of SCREENS) {
      commands.handle(screen === 'about' ? 'help.about' : `view.${screen}`, () => this.go(screen));
    }
  }

  get screen(): Screen {
    return this.#screen;
  }

  go(screen: Screen): void {
    this.#screen = screen;
  }
}
