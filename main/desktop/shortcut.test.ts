import { beforeEach, expect, test, vi } from 'vitest';
import { globalShortcut, resetFake } from '../testing/fake-electron.ts';
import { createShortcut, type Shortcut } from './shortcut.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

const log = vi.fn();
const onPress = vi.fn();
const onChange = vi.fn();
let shortcut: Shortcut;
beforeEach(() => {
  resetFake();
  vi.clearAllMocks();
  shortcut = createShortcut({ onPress, onChange, log });
});
const registeredKeys = () => [...globalShortcut.registered.keys()];

test('no shortcut is registered until one is chosen', () => {
  shortcut.apply('');
  expect(registeredKeys()).toEqual([]);
  expect(onChange).not.toHaveBeenCalled();
});

test('the chosen keys press the mic, are replaced by others, and are unregistered if none are chosen', () => {
  shortcut.apply('Control+Shift+M');
  globalShortcut.registered.get('Control+Shift+M')?.();
  expect(onPress).toHaveBeenCalledTimes(1);
  shortcut.apply('F8');
  expect(registeredKeys()).toEqual(['F8']);
  shortcut.apply('');
  expect(registeredKeys()).toEqual([]);
  expect(onChange.mock.calls).toEqual([['on'], ['on'], ['off']]);
});

test('a change of another setting does not register the keys again', () => {
  const register = vi.spyOn(globalShortcut, 'register');
  shortcut.apply('F8');
  shortcut.apply('F8');
  expect(register).toHaveBeenCalledTimes(1);
});

test('keys in use by another program are reported as refused and logged; others can be chosen', () => {
  globalShortcut.taken.add('F8');
  const unregister = vi.spyOn(globalShortcut, 'unregister');
  shortcut.apply('F8');
  expect(onChange.mock.calls).toEqual([['refused']]);
  expect(log).toHaveBeenCalledExactlyOnceWith('WARNING', { type: 'shortcut_refused', keys: 'F8' });
  shortcut.apply('F9');
  expect(onChange).toHaveBeenLastCalledWith('on');
  // Keys that were not registered are not unregistered.
  expect(unregister).not.toHaveBeenCalled();
});

test('keys that Electron cannot parse are rejected, and the app continues', () => {
  vi.spyOn(globalShortcut, 'register').mockImplementation(() => {
    throw new TypeError('conversion failure');
  });
  shortcut.apply('Meta+Insert');
  expect(onChange.mock.calls).toEqual([['refused']]);
  expect(log).toHaveBeenCalledWith('WARNING', expect.objectContaining({ detail: 'conversion failure' }));
});
