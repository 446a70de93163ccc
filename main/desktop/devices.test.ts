import type { Session } from 'electron';
import { beforeEach, expect, test, vi } from 'vitest';
import { FakeEvent, openFakeWindow, resetFake, session } from '../testing/fake-electron.ts';
import { setupDevices } from './devices.ts';

vi.mock('electron', () => import('../testing/fake-electron.ts'));

beforeEach(() => {
  resetFake();
  setupDevices(session.defaultSession as unknown as Session);
});

test('H35 screen sharing is refused', () => {
  const answered = vi.fn();
  session.defaultSession.onDisplay?.({ videoRequested: true, audioRequested: true }, answered);
  expect(answered).toHaveBeenCalledExactlyOnceWith(null);
});

test.each(['hid', 'usb', 'serial'])('H35 our own page gets no %s device', (deviceType) => {
  expect(session.defaultSession.onDevice?.({ deviceType, origin: 'earshot://app' })).toBe(false);
});

test('H35 Bluetooth pairing is refused', () => {
  const answered = vi.fn();
  session.defaultSession.onPairing?.({ deviceId: 'a', pairingKind: 'confirm' }, answered);
  expect(answered).toHaveBeenCalledExactlyOnceWith({ confirmed: false });
});

const CHOICES: [name: string, offered: object[]][] = [
  ['select-hid-device', [{ deviceList: [{ deviceId: 'a' }] }]],
  ['select-usb-device', [{ deviceList: [{ deviceId: 'a' }] }]],
  ['select-serial-port', [[{ portId: 'a' }], {}]],
];

test.each(CHOICES)('H35 %s: no device is selected', (name, offered) => {
  const event = new FakeEvent();
  const choose = vi.fn();
  session.defaultSession.emit(name, event, ...offered, choose);
  expect(event.defaultPrevented).toBe(true);
  expect(choose).toHaveBeenCalledOnce();
  expect(choose.mock.calls[0]?.[0] || null).toBeNull();
});

test('H35 select-bluetooth-device: no device is selected in any window', () => {
  for (const { webContents } of [openFakeWindow(), openFakeWindow()]) {
    const event = new FakeEvent();
    const choose = vi.fn();
    webContents.emit('select-bluetooth-device', event, [{ deviceId: 'a' }], choose);
    expect(event.defaultPrevented).toBe(true);
    expect(choose).toHaveBeenCalledExactlyOnceWith('');
  }
});
