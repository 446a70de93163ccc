import fc from 'fast-check';
import { expect, test } from 'vitest';
import { frameOffset, restoreBounds, type WindowState } from './window-bounds.ts';

const LEFT = { x: 0, y: 25, width: 1440, height: 875 };
const RIGHT = { x: 1440, y: 0, width: 1920, height: 1080 };
const saved: WindowState = { x: 1600, y: 100, width: 800, height: 700, mode: 'maximized' };

test('the first window has a default size, and the system centres it', () => {
  expect(restoreBounds(null, [LEFT], [])).toEqual({ bounds: { width: 960, height: 720 }, mode: 'normal' });
});

test('a window is restored with its bounds and mode', () => {
  expect(restoreBounds(saved, [LEFT, RIGHT], [])).toEqual({
    bounds: { x: 1600, y: 100, width: 800, height: 700 },
    mode: 'maximized',
  });
});

test('without its display, the size is kept and the position is not', () => {
  expect(restoreBounds(saved, [LEFT], [])).toEqual({ bounds: { width: 800, height: 700 }, mode: 'maximized' });
});

test.each([
  ['above its display', { y: -100 }],
  ['below it', { y: 1070 }],
  ['almost out of it on the right', { x: 1440 + 1920 - 40 }],
  ['almost out of it on the left', { x: 1440 - 800 + 40 }],
])('a title bar that could not be reached, %s, is moved', (_where, moved) => {
  expect(restoreBounds({ ...saved, ...moved }, [RIGHT], []).bounds).not.toHaveProperty('x');
});

test('a window that extends beyond an edge with a reachable title bar is not moved', () => {
  const over = { ...saved, x: 1440 + 1920 - 300, y: -4 };
  expect(restoreBounds(over, [RIGHT], []).bounds).toMatchObject({ x: over.x, y: -4 });
});

test('a window that is larger than its display is resized to fit', () => {
  const large = { ...saved, x: 0, y: 30, width: 3000, height: 2000 };
  expect(restoreBounds(large, [LEFT], []).bounds).toEqual({ x: 0, y: 30, width: 1440, height: 875 });
});

test('without any display only the size is restored', () => {
  expect(restoreBounds(saved, [], []).bounds).toEqual({ width: 800, height: 700 });
});

test('further windows are offset from the one used last, in normal mode', () => {
  const first = { x: 100, y: 100, width: 500, height: 500 };
  const second = restoreBounds(saved, [LEFT], [first]);
  expect(second).toEqual({ bounds: { x: 128, y: 128, width: 500, height: 500 }, mode: 'normal' });
  // The offset avoids the second window, although the first is the one used last.
  const third = restoreBounds(saved, [LEFT], [{ ...first, x: 128, y: 128 }, first]);
  expect(third.bounds).toMatchObject({ x: 156, y: 156 });
});

test('an offset that would leave the display starts again in its corner', () => {
  const last = { x: 900, y: 380, width: 500, height: 500 };
  expect(restoreBounds(null, [LEFT], [last]).bounds).toMatchObject({ x: 0, y: 25 });
});

const area = fc.record({
  x: fc.integer({ min: -4000, max: 4000 }),
  y: fc.integer({ min: -4000, max: 4000 }),
  width: fc.integer({ min: 640, max: 3840 }),
  height: fc.integer({ min: 480, max: 2160 }),
});
const bounds = fc.record({
  x: fc.integer({ min: -9000, max: 9000 }),
  y: fc.integer({ min: -9000, max: 9000 }),
  width: fc.integer({ min: 1, max: 9000 }),
  height: fc.integer({ min: 1, max: 9000 }),
});

test('property: a positioned window can be reached, and is no larger than its display', () => {
  fc.assert(
    fc.property(bounds, fc.array(area, { minLength: 1, maxLength: 4 }), (left, areas) => {
      const { x, y, width, height } = restoreBounds({ ...left, mode: 'normal' }, areas, []).bounds;
      expect(areas.some((display) => width <= display.width && height <= display.height)).toBe(true);
      if (x === undefined || y === undefined) return;
      const reached = areas.some(
        (display) =>
          y > display.y - 32 &&
          y < display.y + display.height &&
          Math.min(x + width, display.x + display.width) > Math.max(x, display.x),
      );
      expect(reached).toBe(true);
    }),
  );
});

test('property: twenty windows opened one after the other have different positions on a large display', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 700 }), fc.integer({ min: 0, max: 300 }), (x, y) => {
      const open = [{ x, y, width: 900, height: 600 }];
      for (let i = 0; i < 19; i++) {
        const { bounds: next } = restoreBounds(null, [{ x: 0, y: 0, width: 2560, height: 1400 }], open);
        open.push({ x: 0, y: 0, ...next });
      }
      expect(new Set(open.map((one) => `${one.x},${one.y}`)).size).toBe(20);
    }),
  );
});

test.each([
  ['openbox', { x: 201, y: 170 }, { x: 1, y: 20 }],
  ['icewm', { x: 205, y: 174 }, { x: 5, y: 24 }],
  ['no frame', { x: 200, y: 150 }, { x: 0, y: 0 }],
  ['full screen', { x: 0, y: 0 }, null],
  ['at a different position', { x: 700, y: 150 }, null],
  ['above the requested position', { x: 205, y: 149 }, null],
])('the frame of a window by its reported position: %s', (_what, found, frame) => {
  expect(frameOffset({ x: 200, y: 150 }, found)).toEqual(frame);
});
