import { expect, test } from 'vitest';
import { seekStep } from './seek-keys.ts';

test('arrows move by 5 s, in a short recording by 1 s', () => {
  expect(['ArrowRight', 'ArrowUp', 'ArrowLeft', 'ArrowDown'].map((key) => seekStep(key, 60))).toEqual([5, 5, -5, -5]);
  expect(['ArrowRight', 'ArrowLeft'].map((key) => seekStep(key, 12))).toEqual([1, -1]);
});

test('a page is a tenth of the recording, and never less than two arrows', () => {
  expect(['PageUp', 'PageDown'].map((key) => seekStep(key, 600))).toEqual([60, -60]);
  expect(seekStep('PageUp', 60)).toBe(10);
  expect(seekStep('PageUp', 12)).toBe(2);
});

test('Home and End reach the ends from anywhere, and other keys do not move', () => {
  expect([seekStep('Home', 60), seekStep('End', 60)]).toEqual([-60, 60]);
  expect([seekStep('Enter', 60), seekStep('toString', 60), seekStep('a', 60)]).toEqual([null, null, null]);
});
