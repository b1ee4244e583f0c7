/** Red, green, blue, 0 … 255. */
export type Rgb = readonly [red: number, green: number, blue: number];

/**
 * Polynomial of the sixth degree through the colour map viridis, from the constant term upwards: Matt Zucker, "viridis, plasma,
 * magma, inferno as polynomials" (2018, public domain, https://www.shadertoy.com/view/WlfXRN). The map is by Stéfan van der
 * Walt and Nathaniel Smith (matplotlib 2.0, CC0): equal steps of score look like equal steps, also without colour vision.
 */
const COEFFICIENTS: readonly Rgb[] = [
  [0.2777273272234177, 0.005407344544966578, 0.3340998053353061],
  [0.1050930431085774, 1.404613529898575, 1.384590162594685],
  [-0.3308618287255563, 0.214847559468213, 0.09509516302823659],
  [-4.634230498983486, -5.799100973351585, -19.33244095627987],
  [6.228269936347081, 14.17993336680509, 56.69055260068105],
  [4.776384997670288, -13.74514537774601, -65.35303263337234],
  [-5.435455855934631, 4.645852612178535, 26.3124352495832],
];

/** @param share 0 … 1, from dark violet to yellow; what lies outside becomes the nearer end. */
export function viridis(share: number): Rgb {
  const t = Math.min(1, Math.max(0, share));
  const channel = (i: 0 | 1 | 2) => {
    const value = COEFFICIENTS.reduceRight((sum, coefficients) => sum * t + coefficients[i], 0);
    return Math.round(255 * Math.min(1, Math.max(0, value)));
  };
  return [channel(0), channel(1), channel(2)];
}
