type Answer = { readonly probabilities: Float32Array };

/** The sum of probabilities over clips that become more and more: only those that are new are added. */
export class ClassSums {
  #counted = new Set<Float32Array>();
  #sums = new Float64Array(0);

  /** The classes with the largest mean over `clips`, the best first. */
  best(clips: readonly Answer[], count: number): readonly number[] {
    const classes = clips[0]?.probabilities.length ?? 0;
    if (classes !== this.#sums.length) this.#begin(classes);
    this.#add(clips);
    // Some have gone.
    if (this.#counted.size !== clips.length) {
      this.#begin(classes);
      this.#add(clips);
    }
    return bestOf(this.#sums, count);
  }

  #begin(classes: number): void {
    this.#counted = new Set();
    this.#sums = new Float64Array(classes);
  }

  #add(clips: readonly Answer[]): void {
    const sums = this.#sums;
    for (const { probabilities } of clips) {
      if (this.#counted.has(probabilities)) continue;
      this.#counted.add(probabilities);
      for (let i = 0; i < sums.length; i++) sums[i] = (sums[i] ?? 0) + (probabilities[i] ?? 0);
    }
  }
}

/** Indices of the `count` largest values, the largest first. */
export function bestOf(values: Float32Array | Float64Array, count: number): readonly number[] {
  const indices = Array.from(values, (_, i) => i);
  return indices.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0)).slice(0, count);
}
