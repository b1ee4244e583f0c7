/** A moment as people read it: `1:05.3`, or `1:01:05.3` from an hour on. */
export function timeText(seconds: number, decimals = 1): string {
  const unit = 10 ** decimals;
  // Rounded once, so that 59.96 s is 1:00.0 and not 0:60.0.
  const units = Math.round(Math.max(0, seconds) * unit);
  const whole = Math.floor(units / unit);
  const fraction = decimals === 0 ? '' : `.${String(units % unit).padStart(decimals, '0')}`;
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const tail = `${String(rest).padStart(2, '0')}${fraction}`;
  return hours === 0 ? `${minutes}:${tail}` : `${hours}:${String(minutes).padStart(2, '0')}:${tail}`;
}

export function spanText({ startSeconds, endSeconds }: { readonly startSeconds: number; readonly endSeconds: number }) {
  return `${timeText(startSeconds)} – ${timeText(endSeconds)}`;
}

/** A share as people read it: `45.6 %`. */
export function percentText(share: number, decimals = 1): string {
  return `${(100 * share).toFixed(decimals)} %`;
}
