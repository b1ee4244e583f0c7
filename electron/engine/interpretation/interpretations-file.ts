import type { Interpretation, Interpretations } from '#contract/interpretation.ts';
import { Draft } from '../export/targets/draft.ts';

/**
 * The document of many images while it is written, one image after another, so that none has to be kept. It is whole once it is
 * in its place; before, it goes away with its scope.
 */
export class InterpretationsFile implements AsyncDisposable {
  readonly #draft: Draft;
  #isEmpty = true;

  private constructor(draft: Draft) {
    this.#draft = draft;
  }

  /** @throws UnwritableFileError, DiskFullError; so do all methods */
  static async begin(path: string): Promise<InterpretationsFile> {
    const draft = await Draft.begin(path);
    try {
      await draft.append('{\n  "images": [');
      return new InterpretationsFile(draft);
    } catch (thrown) {
      await draft[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  async add(interpretation: Interpretation): Promise<void> {
    await this.#draft.append(`${this.#isEmpty ? '' : ','}\n    ${indented(interpretation, 4)}`);
    this.#isEmpty = false;
  }

  /** Puts the document in its place; gives its path. */
  async finish({ failures, comparison }: Omit<Interpretations, 'images'>): Promise<string> {
    await this.#draft.append(
      `${this.#isEmpty ? '' : '\n  '}],\n  "failures": ${indented(failures, 2)},\n  "comparison": ${indented(comparison, 2)}\n}\n`,
    );
    await this.#draft.finish(true);
    return this.#draft.target;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#draft[Symbol.asyncDispose]();
  }
}

/** JSON as it stands so far to the right. Strings of JSON hold no line breaks. */
function indented(value: unknown, columns: number): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${' '.repeat(columns)}`);
}
