import { type ImageCost, imageCost } from '../architectures/deit/cost.ts';
import { addEntry, addGroup, addWhole, type DeitGroups, groupsOf } from '../architectures/deit/group-graphs.ts';
import { roundedUp, rowFeeds, rowsOf } from '../architectures/kept-rows.ts';
import { patchCount } from '../architectures/patch-embedding.ts';
import type { Bundle } from '../bundle/load-bundle.ts';
import type { DeitConfig, Selection } from '../bundle/manifest.ts';
import { imageConfig } from '../bundle/model-kind.ts';
import { bucketFor } from './buckets.ts';
import { BundleParts } from './bundle-parts.ts';
import { fusionFor } from './fusion.ts';
import type { HostTensor } from './host-tensor.ts';
import type { InferenceRuntime } from './inference-runtime.ts';

/** One image at the entry of a group. */
export interface GroupEntry {
  /** Counted from 0. */
  readonly group: number;
  /** Sorted indices of the patches that are still there. */
  readonly present: Uint32Array;
  /** `[1, 1 + present, dim]`, float32, CLS first, then the patches in the order of `present`; perhaps padding after them. */
  readonly tokens: HostTensor;
  /** `[patches]`, the interpreter's; 0 for a patch that was dropped before. `null` without one. */
  readonly scores: Float32Array | null;
}

/** What a group makes of an image: the entry of the next one, or the answer of the last. */
export type GroupExit =
  | { readonly kind: 'entry'; readonly entry: GroupEntry }
  | { readonly kind: 'answer'; readonly logits: Float32Array };

/**
 * An image model ready to run: the graphs of one bundle, built for the device at hand when they are first needed.
 *
 * An image enters the first group; at the entry of each group a selector chooses among the tokens that are there, and the
 * group runs on what was kept (IA-RED², section 3.1, with gathering in place of masks).
 */
export class ImageModel {
  readonly bundle: Bundle;
  readonly config: DeitConfig;
  readonly #deit: DeitGroups;
  readonly #parts: BundleParts;

  /** @throws ModelKindError when the bundle holds a video model. */
  constructor(bundle: Bundle, runtime: InferenceRuntime) {
    this.config = imageConfig(bundle.manifest);
    this.bundle = bundle;
    this.#deit = { config: this.config, selection: bundle.manifest.selection };
    this.#parts = new BundleParts(bundle, runtime);
  }

  get selection(): Selection | null {
    return this.#deit.selection;
  }

  /** Groups of blocks; one without interpreters. */
  get groupCount(): number {
    return groupsOf(this.#deit).length;
  }

  /** Patches of an image. */
  get patchCount(): number {
    return patchCount(this.config);
  }

  /**
   * What an image costs when each group keeps so many patches.
   *
   * @param kept One number for each group; `null` for all patches everywhere.
   */
  cost(kept: readonly number[] | null, interpreted: boolean): ImageCost {
    return imageCost(this.config, groupsOf(this.#deit), kept, interpreted);
  }

  /** Turns an image, `[3, side, side]` normalised, into tokens and, with interpreters, scores of the first. */
  async enter(image: Float32Array, signal?: AbortSignal): Promise<GroupEntry> {
    const { imageSize } = this.config;
    const { tokens, scores } = await this.#parts.run({
      part: this.selection === null ? 'entry' : 'entry with interpreter',
      add: (parameters, _target, precise) => addEntry(this.#deit, parameters, precise),
      feeds: { image: { dtype: 'float32', dims: [1, 3, imageSize, imageSize], data: image } },
      signal,
    });
    const present = Uint32Array.from({ length: this.patchCount }, (_, patch) => patch);
    return this.#entry(0, present, tokens, scores);
  }

  /**
   * Runs the group at whose entry an image is, on some of its patches.
   *
   * @param kept Sorted indices of patches.
   * @throws RangeError when one of them is not there any more.
   */
  async pass({ group, present, tokens }: GroupEntry, kept: Uint32Array, signal?: AbortSignal): Promise<GroupExit> {
    const placeOf = new Map(Array.from(present, (patch, place) => [patch, place]));
    const places = kept.map((patch) => {
      const place = placeOf.get(patch);
      if (place === undefined) throw new RangeError(`Patch ${patch} was dropped before group ${group}.`);
      return place;
    });
    const results = await this.#parts.run({
      part: `group ${group + 1} of ${this.groupCount}`,
      add: (parameters, target, precise) =>
        addGroup(this.#deit, group, parameters, precise, { ...fusionFor(target), padded: bucketFor(target) > 1 }),
      feeds: (target) => {
        const bucket = bucketFor(target);
        const length = bucket === 1 ? places.length : roundedUp(places.length, bucket);
        return { entered: tokens, ...rowFeeds(rowsOf(places, length), bucket > 1) };
      },
      signal,
    });
    if (results.logits !== undefined) return { kind: 'answer', logits: results.logits.data as Float32Array };
    return { kind: 'entry', entry: this.#entry(group + 1, kept, results.tokens, results.scores) };
  }

  /**
   * Class logits, `[images, classes]`, of several images with all patches, at once and without interpreters: the full model.
   *
   * @param images `[images, 3, side, side]`, normalised.
   */
  async classify(images: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
    const { config } = this;
    const { imageSize } = config;
    const dims = [images.length / (3 * imageSize * imageSize), 3, imageSize, imageSize];
    const { logits } = await this.#parts.run({
      part: 'whole',
      add: (parameters, target) => addWhole(config, parameters, fusionFor(target)),
      feeds: { image: { dtype: 'float32', dims, data: images } },
      signal,
    });
    return logits?.data as Float32Array;
  }

  /** @param scores Of the tokens, CLS first. */
  #entry(
    group: number,
    present: Uint32Array,
    tokens: HostTensor | undefined,
    scores: HostTensor | undefined,
  ): GroupEntry {
    if (tokens === undefined) throw new Error(`There are no tokens at the entry of group ${group}.`);
    if (scores === undefined) return { group, present, tokens, scores: null };
    const onGrid = new Float32Array(this.patchCount);
    present.forEach((patch, place) => {
      onGrid[patch] = Number(scores.data[1 + place]);
    });
    return { group, present, tokens, scores: onGrid };
  }
}
