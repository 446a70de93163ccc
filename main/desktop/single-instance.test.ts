import { beforeEach, expect, test, vi } from 'vitest';
import { app, resetFake } from './fake-electron.ts';
import { claimInstance, setupSecondInstance } from './single-instance.ts';

vi.mock('electron', () => import('./fake-electron.ts'));
beforeEach(resetFake);

test('the first instance stays', () => {
  expect(claimInstance()).toBe(true);
  expect(app.quits).toBe(0);
});

test('a second instance leaves at once, in good order', () => {
  app.lock = false;
  expect(claimInstance()).toBe(false);
  expect(app.exits).toEqual([0]);
});

test('a second start focuses a window, and opens one where none is left', () => {
  const open = vi.fn();
  let windows = 1;
  setupSecondInstance(() => windows > 0, open);
  app.emit('second-instance');
  expect(open).not.toHaveBeenCalled();
  windows = 0;
  app.emit('second-instance');
  expect(open).toHaveBeenCalledTimes(1);
});
