import type { Crop } from '#contract/analysis.ts';
import type { SelectorName } from '#contract/selection.ts';
import type { SelectorChoice } from '../../state/selector-choice.ts';

/** What a selector is called, and what it goes by. */
export const SELECTOR_TEXTS: Readonly<Record<SelectorName, { readonly label: string; readonly explanation: string }>> =
  {
    interpreter: { label: 'Interpreter', explanation: 'Trained to tell which patches the model needs (IA-RED²).' },
    full: { label: 'Every patch', explanation: 'Nothing is dropped: the full model.' },
    random: { label: 'Chance', explanation: 'As good as drawn by lot. What any other choice has to beat.' },
    'frame-difference': {
      label: 'Frame difference',
      explanation: 'Patches that changed since the sampled frame before.',
    },
    saliency: { label: 'Saliency', explanation: 'Patches that the first block attends to.' },
  };

/** What a crop is called where it is: along the long side of the picture. */
export function cropText(crop: Crop, isPortrait: boolean): string {
  const [first, last] = isPortrait ? ['Top', 'Bottom'] : ['Left', 'Right'];
  return { left: first ?? '', center: 'Centre', right: last ?? '' }[crop];
}

export function choiceText({ name, rule, seed }: SelectorChoice): string {
  const { label } = SELECTOR_TEXTS[name];
  if (name === 'full') return label;
  const limit = rule.kind === 'threshold' ? `threshold ${numberText(rule.threshold)}` : `best ${shareText(rule.ratio)}`;
  return `${label}, ${limit}${name === 'random' ? `, seed ${seed}` : ''}`;
}

/** A score or threshold: three digits that count, and no more. */
export function numberText(value: number): string {
  return Math.abs(value) >= 0.01 || value === 0 ? String(Number(value.toFixed(2))) : value.toPrecision(2);
}

/** A share without decimals: `45 %`. */
export function shareText(share: number): string {
  return `${Math.round(100 * share)} %`;
}

/** GMACs, or any number of which three digits count. */
export function threeDigits(value: number): string {
  if (value >= 100) return value.toFixed(0);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

export function bytesText(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 ? value : threeDigits(value)} ${units[power]}`;
}

/** How long something still takes, roughly. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'less than a second';
  if (seconds < 100) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${(seconds / 3600).toFixed(1)} h`;
}

/** A day that is near by its time, any other one by its date. */
export function dateText(milliseconds: number, now = Date.now()): string {
  const date = new Date(milliseconds);
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday
    ? date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString(undefined, { dateStyle: 'medium' });
}
