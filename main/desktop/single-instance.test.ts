import { beforeEach, expect, test, vi } from 'vitest';
import { app, resetFake } from '../testing/fake-electron.ts';
import { claimInstance, setupSecondInstance } from './single-instance.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));
beforeEach(resetFake);

test('the first instance keeps running', () => {
  expect(claimInstance()).toBe(true);
  expect(app.quits).toBe(0);
});

test('a second instance exits immediately with 0', () => {
  app.lock = false;
  expect(claimInstance()).toBe(false);
  expect(app.exits).toEqual([0]);
});

test('each further start shows a window', () => {
  const show = vi.fn();
  setupSecondInstance(show);
  expect(show).not.toHaveBeenCalled();
  app.emit('second-instance');
  expect(show).toHaveBeenCalledTimes(1);
});
