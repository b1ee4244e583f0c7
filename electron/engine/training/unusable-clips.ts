import { PatchlightError } from '#contract/errors.ts';
import type { TrainingReportEvent } from '#contract/training.ts';
import type { BadData } from './training-data.ts';

type Warning = Extract<TrainingReportEvent, { readonly type: 'warning' }>['warning'];

/** Videos that turn out half-way to be broken, and what else is to be said between two steps. */
export class UnusableClips {
  readonly #badData: BadData;
  readonly #paths = new Set<string>();
  readonly #unheard: Warning[] = [];

  constructor(badData: BadData) {
    this.#badData = badData;
  }

  /** Videos of which something could not be decoded. */
  get count(): number {
    return this.#paths.size;
  }

  /** Notes a video that cannot be decoded. @throws `thrown` unless bad data is to be passed over. */
  add(path: string, thrown: unknown): void {
    if (this.#badData === 'stop' || !(thrown instanceof PatchlightError)) throw thrown;
    if (this.#paths.has(path)) return;
    this.#paths.add(path);
    this.warn({ code: thrown.code, message: `${thrown.message} Other clips take its place.` });
  }

  warn({ code, message }: Warning): void {
    this.#unheard.push({ code, message });
  }

  /** What was not said yet. */
  *warnings(): Generator<TrainingReportEvent, void, undefined> {
    for (const warning of this.#unheard.splice(0)) yield { type: 'warning', warning };
  }
}
