import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

const tokens = readFileSync(join(import.meta.dirname, '../../../renderer/src/styles/tokens.css'), 'utf8');

type Theme = 'light' | 'dark';

/** The colour of a token in one theme; the first definition, or the one for more contrast. */
function colour(name: string, theme: Theme, more = false): string {
  const css = more ? tokens.slice(tokens.indexOf('prefers-contrast: more')) : tokens;
  const [, light, dark] = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(css) ?? [];
  const found = theme === 'light' ? light : dark;
  if (found === undefined) throw new Error(`There is no colour called ${name}.`);
  return found;
}

/** Contrast ratio of two colours (WCAG 2.2, "contrast ratio" and "relative luminance"). */
function contrast(a: string, b: string): number {
  const luminance = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
      return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

const surfaces = ['surface-0', 'surface-1', 'surface-2', 'surface-pressed'];

test('contrast is what the guideline says', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 6);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
});

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(['text', 'text-muted', 'accent', 'good', 'warning', 'bad'])('%s can be read on every surface', (name) => {
    for (const surface of surfaces) {
      expect(contrast(colour(name, theme), colour(surface, theme)), surface).toBeGreaterThanOrEqual(4.5);
    }
  });

  test('text on the accent can be read', () => {
    expect(contrast(colour('text-on-accent', theme), colour('accent', theme))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(colour('text', theme), colour('accent-quiet', theme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(['focus', 'line-strong', ...Array.from({ length: 8 }, (_, i) => `category-${i + 1}`)])(
    '%s can be seen on every surface',
    (name) => {
      for (const surface of surfaces) {
        expect(contrast(colour(name, theme), colour(surface, theme)), surface).toBeGreaterThanOrEqual(3);
      }
    },
  );

  test('with more contrast, text is as readable as can be', () => {
    for (const surface of ['surface-0', 'surface-1', 'surface-2']) {
      expect(contrast(colour('text', theme, true), colour(surface, theme, true))).toBeGreaterThanOrEqual(15);
      expect(contrast(colour('text-muted', theme, true), colour(surface, theme, true))).toBeGreaterThanOrEqual(7);
    }
  });
});
