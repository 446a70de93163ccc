import { expect, test } from 'vitest';
import { nextTab } from './next-tab.ts';

const TABS = ['a', 'b', 'c'];

test('arrows move in a circle, along the orientation only', () => {
  expect(nextTab('ArrowRight', 'a', TABS, 'horizontal')).toBe('b');
  expect(nextTab('ArrowRight', 'c', TABS, 'horizontal')).toBe('a');
  expect(nextTab('ArrowLeft', 'a', TABS, 'horizontal')).toBe('c');
  expect(nextTab('ArrowDown', 'a', TABS, 'horizontal')).toBeNull();
  expect(nextTab('ArrowDown', 'a', TABS, 'vertical')).toBe('b');
  expect(nextTab('ArrowUp', 'a', TABS, 'vertical')).toBe('c');
});

test('Home and End select the first and the last; other keys nothing', () => {
  expect([nextTab('Home', 'b', TABS, 'vertical'), nextTab('End', 'b', TABS, 'vertical')]).toEqual(['a', 'c']);
  expect(nextTab('x', 'b', TABS, 'vertical')).toBeNull();
  expect(nextTab('End', 'b', [], 'vertical')).toBeNull();
});
