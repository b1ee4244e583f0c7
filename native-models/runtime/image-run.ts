import { SelectorUnavailableError } from '#contract/errors.ts';
import { type ImageSelector, keptPatches } from '../selection/image-selector.ts';
import { randomScores } from '../selection/random-scores.ts';
import type { GroupEntry, ImageModel } from './image-model.ts';

/** What was kept of an image at the entry of one group. */
export interface SelectedGroup {
  /** Sorted indices of the patches that were there. */
  readonly present: Uint32Array;
  /** Sorted indices of the patches that the group has seen. */
  readonly kept: Uint32Array;
  /** `[patches]`, the interpreter's, whoever has selected; 0 for a patch that was dropped before. `null` without one. */
  readonly scores: Float32Array | null;
}

/** An image with its patches chosen. */
export interface SelectedImage {
  readonly groups: readonly SelectedGroup[];
  /** `[classes]`. */
  readonly logits: Float32Array;
  /** The first group that had to run for it; as many as there are groups when all was known. */
  readonly ranFrom: number;
}

/** What is known of a way through the groups: a prefix of it holds for the next one. */
interface Way {
  readonly entries: readonly GroupEntry[];
  readonly kept: readonly Uint32Array[];
  readonly logits: Float32Array | null;
}

/**
 * One image and the entries of all groups that it was in: when another choice of patches differs from the last one only from
 * some group on, only that group and those after it run again.
 */
export class ImageRun {
  readonly model: ImageModel;
  /** At the entry of the first group, before anything is dropped. */
  readonly first: GroupEntry;
  readonly #stream: number;
  #last: Way;

  private constructor(model: ImageModel, first: GroupEntry, stream: number) {
    this.model = model;
    this.first = first;
    this.#stream = stream;
    this.#last = { entries: [first], kept: [], logits: null };
  }

  /**
   * @param image `[3, side, side]`, normalised.
   * @param stream Numbers the images that one seed chooses patches of, so that chance differs between them.
   * @throws what inference throws, the signal's reason
   */
  static async begin(model: ImageModel, image: Float32Array, signal?: AbortSignal, stream = 0): Promise<ImageRun> {
    return new ImageRun(model, await model.enter(image, signal), stream);
  }

  /**
   * Chooses patches at the entry of each group, and answers.
   *
   * @throws SelectorUnavailableError when the model has no interpreters and they are to choose.
   * @throws what inference throws, the signal's reason
   */
  async select(selector: ImageSelector, signal?: AbortSignal): Promise<SelectedImage> {
    const known = this.#last;
    const entries: GroupEntry[] = [this.first];
    const kept: Uint32Array[] = [];
    let { logits } = known;
    let ranFrom = this.model.groupCount;
    for (let entry: GroupEntry | undefined = this.first; entry !== undefined; entry = entries[entry.group + 1]) {
      const { group } = entry;
      const here = this.#choose(selector, entry);
      kept.push(here);
      const next = known.entries[group + 1];
      const isKnown = group < ranFrom && samePatches(known.kept[group], here);
      if (isKnown && next !== undefined) entries.push(next);
      if (isKnown) continue;
      ranFrom = Math.min(ranFrom, group);
      const exit = await this.model.pass(entry, here, signal);
      if (exit.kind === 'entry') entries.push(exit.entry);
      else logits = exit.logits;
    }
    if (logits === null) throw new Error('The last group gave no answer.');
    this.#last = { entries, kept, logits };
    const groups = entries.map(({ present, scores }, group) => ({ present, scores, kept: kept[group] ?? present }));
    return { groups, logits, ranFrom };
  }

  #choose(selector: ImageSelector, { group, present, scores }: GroupEntry): Uint32Array {
    if (selector.name === 'full') return present;
    const rule = selector.rules[group];
    if (rule === undefined) throw new RangeError(`There is no rule for group ${group}.`);
    // One draw for the whole image: what is left of it is by chance in every group.
    if (selector.name === 'random') {
      return keptPatches(present, randomScores(this.model.patchCount, selector.seed, this.#stream), rule);
    }
    if (scores !== null) return keptPatches(present, scores, rule);
    throw new SelectorUnavailableError(`The model "${this.model.bundle.manifest.name}" has no interpreter.`);
  }
}

function samePatches(a: Uint32Array | undefined, b: Uint32Array): boolean {
  return a !== undefined && a.length === b.length && a.every((patch, i) => patch === b[i]);
}
