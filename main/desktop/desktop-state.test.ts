import { expect, test, vi } from 'vitest';
import { createDesktopStore } from './desktop-state.ts';

test('the state is complete from the start, and listeners are notified of changes', () => {
  const notify = vi.fn();
  const desktop = createDesktopStore(notify);
  const start = { shortcut: 'off', login: 'off', update: { state: 'none' }, why_no_updates: null };
  expect(desktop.get()).toEqual(start);
  desktop.change({ shortcut: 'refused' });
  expect(desktop.get()).toEqual({ ...start, shortcut: 'refused' });
  expect(notify.mock.calls).toEqual([[desktop.get()]]);
});

test('an update without a change does not notify', () => {
  const notify = vi.fn();
  const desktop = createDesktopStore(notify);
  desktop.change({ shortcut: 'off', update: { state: 'none' } });
  desktop.change({});
  expect(notify).not.toHaveBeenCalled();
});
