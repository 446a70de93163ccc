import { expect, test } from 'vitest';
import { PARTS, shownParts } from './use-layout.ts';

test('a wide window shows everything, and the log if it is open', () => {
  expect([...shownParts('wide', true, 'talk')]).toEqual(['talk', 'recordings', 'log']);
  expect([...shownParts('wide', false, 'log')]).toEqual(['talk', 'recordings']);
});

test('a window of medium width shows talk, and the log in place of the recordings', () => {
  expect([...shownParts('medium', true, 'recordings')]).toEqual(['talk', 'log']);
  expect([...shownParts('medium', false, 'log')]).toEqual(['talk', 'recordings']);
});

test('a narrow window shows one part, by its tabs, whether or not the log is open', () => {
  for (const tab of PARTS) {
    expect([...shownParts('narrow', true, tab)]).toEqual([tab]);
    expect([...shownParts('narrow', false, tab)]).toEqual([tab]);
  }
});
