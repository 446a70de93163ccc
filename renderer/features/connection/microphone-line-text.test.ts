import { expect, test } from 'vitest';
import { readMicrophones } from '../../capture/choose-microphone.ts';
import { currentText, expectedText } from './microphone-line-text.ts';

const input = (deviceId: string, label: string) => ({ kind: 'audioinput' as const, deviceId, label, groupId: '' });

test('while listening: the microphone’s name, and which one it replaces', () => {
  expect(currentText({ label: 'Built-in Microphone', status: 'ok', instead_of: null })).toEqual({
    name: 'Built-in Microphone',
    notice: '',
  });
  expect(currentText({ label: 'Built-in Microphone', status: 'ok', instead_of: 'Blue Yeti' }).notice).toBe(
    'Blue Yeti is not connected. Listening with Built-in Microphone.',
  );
  expect(currentText({ label: '', status: 'ok', instead_of: null }).name).toBe('System default microphone');
  expect(currentText({ label: '', status: 'ok', instead_of: 'Blue Yeti' }).notice).toBe(
    'Blue Yeti is not connected. Listening with the system’s default microphone.',
  );
});

test('H55 before the press: which microphone will be used, and that the chosen one is missing', () => {
  const seen = readMicrophones([input('b', 'Built-in Microphone')]);
  expect(expectedText({ id: '', label: '' }, seen)).toEqual({ name: 'Built-in Microphone', notice: '' });
  const unnamed = readMicrophones([input('default', 'Default'), input('b', 'Built-in Microphone')]);
  expect(expectedText({ id: 'y', label: 'Blue Yeti' }, unnamed)?.notice).toBe(
    'Blue Yeti is not connected. The system’s default microphone will be used.',
  );
  expect(expectedText({ id: 'y', label: 'Blue Yeti' }, seen)?.notice).toBe(
    'Blue Yeti is not connected. Built-in Microphone will be used.',
  );
});

test('no text if the browser hides the names or the list was not read yet', () => {
  expect(expectedText({ id: 'y', label: 'Blue Yeti' }, readMicrophones([input('', '')]))).toBeNull();
  expect(expectedText({ id: 'y', label: 'Blue Yeti' }, null)).toBeNull();
});
