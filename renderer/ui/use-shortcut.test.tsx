// @vitest-environment happy-dom
import { fireEvent, render } from '@testing-library/react';
import { expect, test, vi } from 'vitest';
import { useShortcut } from './use-shortcut.ts';

function Page({ act }: { act: () => void }) {
  useShortcut('n', act);
  return null;
}

test('a held key counts once, and the default of its repeats is prevented too', () => {
  const act = vi.fn();
  render(<Page act={act} />);
  // False: the default was prevented.
  expect(fireEvent.keyDown(window, { key: 'n', ctrlKey: true })).toBe(false);
  expect(fireEvent.keyDown(window, { key: 'n', ctrlKey: true, repeat: true })).toBe(false);
  expect(act).toHaveBeenCalledTimes(1);
});

test('other keys, and the key with other modifiers, are ignored', () => {
  const act = vi.fn();
  render(<Page act={act} />);
  for (const keys of [{ key: 'm', ctrlKey: true }, { key: 'n' }, { key: 'n', ctrlKey: true, shiftKey: true }]) {
    expect(fireEvent.keyDown(window, keys)).toBe(true);
  }
  expect(act).not.toHaveBeenCalled();
});
