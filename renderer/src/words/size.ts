/** A number of bytes as file managers show it: `512 B`, `48 kB`, `1.4 GB`, in powers of 1000. */
export function sizeWords(bytes: number): string {
  let value = bytes;
  for (const unit of ['B', 'kB', 'MB', 'GB']) {
    if (value < 999.5)
      return `${unit === 'B' || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} ${unit}`;
    value /= 1000;
  }
  return `${Number(value.toFixed(1))} TB`;
}
