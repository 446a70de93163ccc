import { expect, test } from 'vitest';
import { SeededRandom } from '../../../testing/seeded-random.ts';
import { HUES, hueOf } from './session-hue.ts';

/** The relative luminance of a colour (WCAG 2.2). */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.040_45 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('an ID always has the same colour, and all colours are used', () => {
  const random = new SeededRandom(4);
  const ids = Array.from({ length: 400 }, () => random.next().toString(36).slice(2, 18));
  expect(hueOf('abcd')).toBe(hueOf('abcd'));
  expect(new Set(ids.map(hueOf))).toEqual(new Set(HUES.keys()));
});

test('each colour has a contrast of 4.5:1 on its tint, in both themes', () => {
  for (const { tint, ink } of HUES) {
    expect((luminance(tint[0]) + 0.05) / (luminance(ink[0]) + 0.05)).toBeGreaterThan(4.5);
    expect((luminance(ink[1]) + 0.05) / (luminance(tint[1]) + 0.05)).toBeGreaterThan(4.5);
  }
});
