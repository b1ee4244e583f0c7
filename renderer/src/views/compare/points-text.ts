/** A change of a probability in percentage points, with its sign: `+4.1`, `−12.0`, `0.0`. */
export function pointsText(change: number): string {
  const points = (100 * Math.abs(change)).toFixed(1);
  if (points === '0.0') return points;
  return `${change < 0 ? '−' : '+'}${points}`;
}
