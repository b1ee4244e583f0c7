import { formatDuration } from './format.ts';
import type { Terminal } from './terminal.ts';

/** On a terminal the bar moves at most this often; elsewhere a line is written this often. */
const REDRAW_MS = 80;
const LINE_MS = 5_000;

const BAR_WIDTH = 24;
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/** Progress of one piece of work on stderr: a bar on a terminal, now and then a plain line elsewhere. */
export class Progress implements Disposable {
  readonly #terminal: Terminal;
  readonly #title: string;
  readonly #started = performance.now();
  #shownAt = Number.NEGATIVE_INFINITY;
  #drawn = false;

  constructor(terminal: Terminal, title: string) {
    this.#terminal = terminal;
    this.#title = title;
    if (!terminal.interactive) this.#shownAt = this.#started;
  }

  /** Shows `done` of `total` (any unit) and `facts`, such as the speed. */
  update(done: number, total: number, facts = ''): void {
    const now = performance.now();
    if (now - this.#shownAt < (this.#terminal.interactive ? REDRAW_MS : LINE_MS)) return;
    this.#shownAt = now;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const left = done === 0 ? '' : `${formatDuration(((now - this.#started) / 1000) * (1 / share - 1))} left`;
    const text = [this.#title, `${Math.round(100 * share)} %`.padStart(5), facts, left].filter((part) => part !== '');
    if (!this.#terminal.interactive) {
      this.#terminal.note(text.join('  '));
      return;
    }
    const [title = '', ...rest] = text;
    const line = [title, bar(share), ...rest].join('  ');
    this.#terminal.redraw([...line].slice(0, this.#terminal.width - 1).join(''));
    this.#drawn = true;
  }

  /** Takes the bar away, so that what is written next stands on a clean line. */
  clear(): void {
    if (this.#drawn) this.#terminal.redraw('');
    this.#drawn = false;
  }

  [Symbol.dispose](): void {
    this.clear();
  }
}

function bar(share: number): string {
  const eighths = Math.round(share * BAR_WIDTH * 8);
  const full = '█'.repeat(Math.floor(eighths / 8));
  return `▕${(full + (EIGHTHS[eighths % 8] ?? '')).padEnd(BAR_WIDTH)}▏`;
}
