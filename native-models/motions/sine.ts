/**
 * Sine and cosine out of additions and multiplications alone, which IEEE 754 fixes to the last bit. `Math.sin` is left to
 * the engine and may differ between processors; a data set that is named by its seed may not.
 */

const turn = 2 * Math.PI;

/** Sine of `radians`, within 1e-9 for |radians| < 1e4. */
export function sine(radians: number): number {
  // To within half a turn of 0, then to within a quarter, where the series is short.
  let x = radians - turn * Math.round(radians / turn);
  if (x > Math.PI / 2) x = Math.PI - x;
  else if (x < -Math.PI / 2) x = -Math.PI - x;
  const s = x * x;
  // Taylor series; its first neglected term is (π/2)^15 / 15!, below 7e-10.
  return (
    x *
    (1 + s * (-1 / 6 + s * (1 / 120 + s * (-1 / 5040 + s * (1 / 362880 + s * (-1 / 39916800 + s * (1 / 6227020800)))))))
  );
}

/** Cosine of `radians`, as {@link sine}. */
export function cosine(radians: number): number {
  return sine(radians + Math.PI / 2);
}
