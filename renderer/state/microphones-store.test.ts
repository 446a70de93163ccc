import { expect, test } from 'vitest';
import type { InputDevice } from '../capture/choose-microphone.ts';
import { createMicrophonesStore } from './microphones-store.ts';

const input = (deviceId: string, label: string): InputDevice => ({ kind: 'audioinput', deviceId, label, groupId: '' });

function machine() {
  const system = { list: [input('default', 'Default'), input('y', 'Yeti')], hostDefault: 'Yeti' };
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => system.list as MediaDeviceInfo[] });
  const window = new EventTarget();
  const store = createMicrophonesStore({
    bridge: { getDefaultMicrophone: async () => ({ label: system.hostDefault }) },
    media,
    window,
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
  });
  await store.refresh();
  expect(store.getState().microphones).toBeNull();
  store.dispose();
});
