import { beforeEach, expect, test, vi } from 'vitest';
import { openFakeWindow, resetFake } from '../testing/fake-electron.ts';
import { appWindows, trackWindows, type WindowTracker } from './windows.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

let windows: WindowTracker;
beforeEach(() => {
  resetFake();
  windows = trackWindows();
});

test('a window whose page is destroyed already is not open, and its session is not read', () => {
  const window = openFakeWindow();
  window.webContents.destroyed = true;
  vi.spyOn(window, 'isDestroyed').mockReturnValue(false);
  const read = vi.spyOn(window.webContents, 'session', 'get').mockImplementation(() => {
    throw new TypeError('Object has been destroyed');
  });
  expect(appWindows()).toEqual([]);
  expect(read).not.toHaveBeenCalled();
});

test('shows nothing if no window is open', () => {
  expect(windows.current()).toBeNull();
  expect(windows.show()).toBe(false);
});

test('returns the focused window; while another program has the focus, the one used last', () => {
  const [first, second, third] = [openFakeWindow(), openFakeWindow(), openFakeWindow()];
  expect(windows.current()).toBe(first);
  third.focus();
  second.focus();
  expect(windows.current()).toBe(second);
  second.blur();
  expect(windows.current()).toBe(second);
  second.close();
  expect(windows.current()).toBe(first);
});

test('showing a window restores it and brings it to the front', () => {
  openFakeWindow();
  const second = openFakeWindow();
  second.focus();
  second.blur();
  second.minimized = true;
  expect(windows.show()).toBe(true);
  expect(second).toMatchObject({ focused: true, minimized: false, shown: true });
});
