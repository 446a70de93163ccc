import { expect, test } from 'vitest';
import CSS from './tokens.css?raw';

const THEMES = ['light', 'dark'] as const;
/** Least contrast of what shows where a control is (WCAG 2.2, 1.4.11). axe checks the contrast of texts. */
const LEAST = 3;

/** A colour of the tokens in a theme, as `#rrggbb`. */
function colour(token: string, theme: (typeof THEMES)[number]): string {
  const found = new RegExp(`--${token}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\);`).exec(CSS);
  const value = found?.[theme === 'light' ? 1 : 2];
  if (value === undefined) throw new Error(`no colour --${token}`);
  return value;
}

/** Relative luminance, 0 to 1 (WCAG 2.2). */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

test('contrast is measured as WCAG defines it', () => {
  expect(contrast('#ffffff', '#000000')).toBe(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
});

test.each(
  THEMES.flatMap((theme) =>
    ['edge', 'accent', 'record', 'danger'].flatMap((part) =>
      ['bg', 'surface', 'sunken'].map((ground) => [part, ground, theme] as const),
    ),
  ),
)('--%s is visible on --%s, %s', (part, ground, theme) => {
  expect(contrast(colour(part, theme), colour(ground, theme))).toBeGreaterThanOrEqual(LEAST);
});
