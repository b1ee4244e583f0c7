const BINS = 256;

/**
 * The threshold that parts numbers in two groups as far from each other as can be (Otsu, *A Threshold Selection Method from
 * Gray-Level Histograms*, 1979, equation 18), of 256 bins between the least and the largest.
 *
 * @returns The upper edge of the lower group; the number itself where all are equal.
 */
export function otsuThreshold(numbers: Float32Array): number {
  let [least, largest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const number of numbers) {
    if (number < least) least = number;
    if (number > largest) largest = number;
  }
  if (!(largest > least)) return least;
  const counts = new Float64Array(BINS);
  const width = (largest - least) / BINS;
  for (const number of numbers) {
    const bin = Math.min(BINS - 1, Math.floor((number - least) / width));
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const total = counts.reduce((sum, count, bin) => sum + bin * count, 0);
  let [below, belowSum, best, threshold] = [0, 0, -1, least];
  for (let bin = 0; bin + 1 < BINS; bin++) {
    below += counts[bin] ?? 0;
    belowSum += bin * (counts[bin] ?? 0);
    const above = numbers.length - below;
    if (below === 0 || above === 0) continue;
    const between = below * above * (belowSum / below - (total - belowSum) / above) ** 2;
    if (between <= best) continue;
    best = between;
    threshold = least + (bin + 1) * width;
  }
  return threshold;
}
