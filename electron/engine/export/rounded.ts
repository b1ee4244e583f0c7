/** Seconds to the microsecond, as files have them. */
export function roundedSeconds(seconds: number): number {
  return Number(seconds.toFixed(6));
}

/** A probability or share in six digits after the point: more than fp32 carries. */
export function roundedShare(share: number): number {
  return Number(share.toFixed(6));
}
