/** Bytes in the unit that fits: `486 MB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${digits(bytes / 1000 ** step, step === 0 ? 0 : 1)} ${units[step]}`;
}

/** A count in words that are quickly read: `121 million`, `86,000`. */
export function countText(count: number): string {
  if (count >= 1e9) return `${digits(count / 1e9, 1)} billion`;
  if (count >= 1e6) return `${digits(count / 1e6, 1)} million`;
  return count.toLocaleString('en-US');
}

/** 10⁹ multiply-accumulates with three significant digits. */
export function gmacsText(gmacs: number): string {
  if (gmacs >= 100) return Math.round(gmacs).toLocaleString('en-US');
  return gmacs >= 10 ? gmacs.toFixed(1) : gmacs.toFixed(2);
}

/** `850 ms`, `2.40 s`. */
export function millisecondsText(ms: number): string {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}

/** How long something will still take, without false precision: `12 s`, `3 min`, `2 h 5 min`. */
export function durationText(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function digits(value: number, decimals: number): string {
  return value < 10 ? value.toFixed(decimals) : String(Math.round(value));
}
