import { createSubscriber, MediaQuery } from 'svelte/reactivity';

/** The tokens that the timeline draws with, as a canvas takes them. */
export interface DrawingColours {
  readonly ground: string;
  readonly text: string;
  readonly muted: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly accent: string;
  readonly warning: string;
  /** `--category-1` first. */
  readonly categories: readonly string[];
  /** Family of the small text. */
  readonly font: string;
}

const TOKENS = {
  ground: '--surface-1',
  text: '--text',
  muted: '--text-muted',
  line: '--line',
  lineStrong: '--line-strong',
  accent: '--accent',
  warning: '--warning',
} as const;

/** A canvas knows no tokens: they are read from the page, and again whenever its theme changes. */
export class ThemeColours {
  readonly #dark = new MediaQuery('prefers-color-scheme: dark');
  readonly #contrast = new MediaQuery('prefers-contrast: more');
  readonly #themeChosen = createSubscriber((update) => {
    const observer = new MutationObserver(update);
    observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => observer.disconnect();
  });

  /** Read it where it is drawn: it is reactive. */
  get current(): DrawingColours {
    this.#themeChosen();
    void this.#dark.current;
    void this.#contrast.current;
    const probe = document.createElement('span');
    document.body.append(probe);
    const read = (token: string) => {
      probe.style.color = `var(${token})`;
      return getComputedStyle(probe).color;
    };
    try {
      const { ground, text, muted, line, lineStrong, accent, warning } = TOKENS;
      return {
        ...{ ground: read(ground), text: read(text), muted: read(muted), line: read(line) },
        ...{ lineStrong: read(lineStrong), accent: read(accent), warning: read(warning) },
        categories: Array.from({ length: 8 }, (_, i) => read(`--category-${i + 1}`)),
        font: getComputedStyle(probe).fontFamily,
      };
    } finally {
      probe.remove();
    }
  }
}
