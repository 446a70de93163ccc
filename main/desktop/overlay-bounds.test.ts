import { expect, test } from 'vitest';
import { OVERLAY_SIZE, overlayBounds } from './overlay-bounds.ts';

const FIRST = { x: 0, y: 0, width: 1280, height: 860 };
const SECOND = { x: 1280, y: 0, width: 1000, height: 700 };

test('at first the overlay is at the bottom right of the first display', () => {
  expect(overlayBounds(null, [FIRST, SECOND])).toEqual({ x: 936, y: 772, ...OVERLAY_SIZE });
});

test('a saved position is used on any display, if the whole overlay is on it', () => {
  expect(overlayBounds({ x: 1400, y: 20 }, [FIRST, SECOND])).toEqual({ x: 1400, y: 20, ...OVERLAY_SIZE });
  for (const gone of [
    { x: 1400, y: 20 },
    { x: -10, y: 0 },
    { x: 1000, y: 850 },
  ])
    expect(overlayBounds(gone, [FIRST])).toEqual(overlayBounds(null, [FIRST]));
});
