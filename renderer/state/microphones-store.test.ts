import { expect, test, vi } from 'vitest';
import type { InputDevice } from '../capture/choose-microphone.ts';
import { createMicrophonesStore, USE_READ_MS } from './microphones-store.ts';

const input = (deviceId: string, label: string): InputDevice => ({ kind: 'audioinput', deviceId, label, groupId: '' });

function machine() {
  const system = { list: [input('default', 'Default'), input('y', 'Yeti')], hostDefault: 'Yeti', focused: true };
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => system.list as MediaDeviceInfo[] });
  const window = new EventTarget();
  const store = createMicrophonesStore({
    bridge: { getDefaultMicrophone: async () => ({ label: system.hostDefault }) },
    media,
    window,
    hasFocus: () => system.focused,
  });
  const done = () => new Promise((resolve) => setTimeout(resolve));
  return { at: system, media, window, store, done, seen: () => store.getState().microphones };
}

test('reads the list at once, with the default microphone named by the host', async () => {
  const { store, done, seen } = machine();
  expect(seen()).toBeNull();
  await done();
  expect(seen()).toMatchObject({ defaultLabel: 'Yeti', devices: [{ label: 'Yeti' }] });
  store.dispose();
});

test.each(['devicechange', 'focus'] as const)('reads the list again on %s, until it is disposed', async (name) => {
  const { at: system, media, window, store, done, seen } = machine();
  await done();
  const target = name === 'focus' ? window : media;
  system.list = [input('b', 'Built-in')];
  target.dispatchEvent(new Event(name));
  await done();
  expect(seen()).toMatchObject({ defaultLabel: 'Built-in' });
  store.dispose();
  system.list = [];
  target.dispatchEvent(new Event(name));
  await done();
  expect(seen()).toMatchObject({ defaultLabel: 'Built-in' });
});

test('a page without access to media devices has no list', async () => {
  const store = createMicrophonesStore({
    bridge: { getDefaultMicrophone: async () => ({ label: 'Yeti' }) },
    media: null,
    window: new EventTarget(),
    hasFocus: () => true,
  });
  await store.refresh();
  expect(store.getState().microphones).toBeNull();
  store.dispose();
});

test.each(['pointermove', 'pointerdown', 'keydown', 'wheel'])(
  'a system that reports no changes: a new device is seen on %s in a window with the focus',
  async (name) => {
    vi.useFakeTimers();
    const { at: system, window, store, seen } = machine();
    const use = async () => {
      window.dispatchEvent(new Event(name));
      await vi.advanceTimersByTimeAsync(0);
    };
    await vi.advanceTimersByTimeAsync(USE_READ_MS);
    const before = seen();
    await use();
    expect(seen(), 'nothing is drawn anew if nothing has changed').toBe(before);
    system.list = [...system.list, input('b', 'Built-in')];
    await vi.advanceTimersByTimeAsync(USE_READ_MS - 1);
    await use();
    expect(seen(), 'the last reading is too recent').toBe(before);
    system.focused = false;
    await vi.advanceTimersByTimeAsync(1);
    await use();
    expect(seen()).toBe(before);
    system.focused = true;
    await use();
    expect(seen()?.devices.map(({ label }) => label)).toEqual(['Yeti', 'Built-in']);
    store.dispose();
    vi.useRealTimers();
  },
);

test('an idle window runs no timer and reads nothing', async () => {
  vi.useFakeTimers();
  const { media, store } = machine();
  const read = vi.spyOn(media, 'enumerateDevices');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(vi.getTimerCount()).toBe(0);
  expect(read).not.toHaveBeenCalled();
  store.dispose();
  vi.useRealTimers();
});

test('output devices are listed apart from microphones', async () => {
  const { at: system, store } = machine();
  system.list = [
    input('y', 'Yeti'),
    { kind: 'audiooutput', deviceId: 'default', label: 'Default - Speakers', groupId: '' },
    { kind: 'audiooutput', deviceId: 's', label: 'Speakers', groupId: '' },
  ];
  await store.refresh();
  expect(store.getState().outputs).toMatchObject({ defaultLabel: 'Speakers', readable: true });
  expect(store.getState().outputs?.devices.map(({ deviceId }) => deviceId)).toEqual(['s']);
  store.dispose();
});
