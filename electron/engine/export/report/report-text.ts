/** Seconds as people read a player: `1:05.3`, `1:02:03.0`. */
export function timeText(seconds: number): string {
  const tenths = Math.max(0, Math.round(seconds * 10));
  const [hours, minutes] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60];
  const rest = ((tenths % 600) / 10).toFixed(1).padStart(4, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${rest}` : `${minutes}:${rest}`;
}

/** 0 … 1 as a percentage. */
export function shareText(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/** With three significant digits. */
export function shortNumber(value: number): string {
  return value >= 1000 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
