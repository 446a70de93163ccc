import { expect, test } from 'vitest';
import type { InputDevice } from '../../capture/choose-microphone.ts';
import { type DeviceNames, deviceOptions } from './device-options.ts';

const device = (deviceId: string, label: string): InputDevice => ({ kind: 'audioinput', deviceId, label, groupId: '' });
const LIST = { devices: [device('b', 'Built-in'), device('y', 'Yeti')], defaultLabel: 'Built-in', readable: true };
const NAMES: DeviceNames = { numbered: ({ number }) => `Microphone ${number}`, chosenEarlier: 'Chosen earlier' };
const labels = (options: { label: string }[]) => options.map(({ label }) => label);

test('the default is named, and devices follow in the system’s order', () => {
  const { options, value, foundByName, missing } = deviceOptions({ id: '', label: '' }, LIST, NAMES);
  expect(labels(options)).toEqual(['System default (Built-in)', 'Built-in', 'Yeti']);
  expect([value, foundByName, missing]).toEqual(['', '', '']);
});

test('a default whose name is not known has none', () => {
  expect(labels(deviceOptions({ id: '', label: '' }, { ...LIST, defaultLabel: '' }, NAMES).options)[0]).toBe(
    'System default',
  );
});

test('H55 a missing device stays selected, and is said to be missing', () => {
  const { options, value, missing } = deviceOptions({ id: 'h', label: 'Headset' }, LIST, NAMES);
  expect(options.at(-1)).toEqual({ value: 'h', label: 'Headset (not connected)' });
  expect([value, missing]).toEqual(['h', 'Headset']);
  expect(deviceOptions({ id: 'h', label: '' }, LIST, NAMES).missing).toBe('Chosen earlier');
});

test('H55 a device with a new id is selected and said to be recognised by its name', () => {
  const { options, value, foundByName } = deviceOptions({ id: 'former', label: 'Yeti' }, LIST, NAMES);
  expect([options.length, value, foundByName]).toEqual([3, 'y', 'Yeti']);
});

test('without names nothing is said about the chosen device, and devices are numbered', () => {
  const hidden = { devices: [device('x', '')], defaultLabel: '', readable: false };
  const { options, value, missing } = deviceOptions({ id: 'h', label: 'Headset' }, hidden, NAMES);
  expect(labels(options)).toEqual(['System default', 'Microphone 1', 'Headset']);
  expect([value, missing]).toEqual(['h', '']);
});
