import { expect, test, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { DEFAULT_SETTINGS, type SettingsPatch } from '../../shared/settings.ts';
import type { Outputs } from '../capture/choose-microphone.ts';
import { APP_INFO } from '../testing/fakes.ts';
import type { MicrophonesState } from './microphones-store.ts';
import { createOutputStore } from './output-store.ts';
import type { SettingsState } from './settings-store.ts';

const device = (deviceId: string, label: string) => ({ kind: 'audiooutput' as const, deviceId, label, groupId: '' });
const BOTH: Outputs = {
  devices: [device('s', 'Speakers'), device('h', 'Headphones')],
  defaultLabel: 'Speakers',
  readable: true,
};

/** An audio element that accepts the listed devices. */
function fakeElement(known: string[]) {
  const used: string[] = [];
  return {
    used,
    async setSinkId(id: string) {
      used.push(id);
      if (id !== '' && !known.includes(id)) throw new DOMException('', 'NotFoundError');
    },
  };
}

function setUp(chosen: { output_id?: string; output_label?: string } = {}, outputs: Outputs | null = BOTH) {
  const settings = createStore<SettingsState>(() => ({
    settings: { ...DEFAULT_SETTINGS, ...chosen },
    info: APP_INFO,
    unsaved: false,
    error: null,
    problem: null,
  }));
  const change = vi.fn(async (patch: SettingsPatch) => {
    settings.setState({ settings: { ...settings.getState().settings, ...(patch as typeof chosen) } });
  });
  const devices = createStore<MicrophonesState>(() => ({ microphones: null, outputs, opened: null }));
  const output = createOutputStore({ ...settings, change }, devices);
  return { output, change, devices, notice: () => output.getState().notice };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test('the default plays, and no device is set, until the user chooses one', async () => {
  const { output, change } = setUp();
  const element = fakeElement(['s', 'h']);
  await output.use(element);
  expect(element.used).toEqual([]);
  void change({ output_id: 'h', output_label: 'Headphones' });
  await settled();
  expect(element.used, 'a recording that plays moves at once').toEqual(['h']);
  expect(output.sinkId()).toBe('h');
});

test('the chosen device is set before an element plays', async () => {
  const { output } = setUp({ output_id: 'h', output_label: 'Headphones' });
  const element = fakeElement(['h']);
  await output.use(element);
  expect(element.used).toEqual(['h']);
});

test('unplugged while it plays: the default takes over, this is said, and the device is used again on its return', async () => {
  const { output, devices, notice } = setUp({ output_id: 'h', output_label: 'Headphones' });
  const element = fakeElement(['h']);
  await output.use(element);
  devices.setState({ outputs: { ...BOTH, devices: [device('s', 'Speakers')] } });
  await settled();
  expect(element.used).toEqual(['h', '']);
  expect(notice()).toBe('Headphones is not connected. Recordings play on the system’s default device.');
  devices.setState({ outputs: BOTH });
  await settled();
  expect(element.used).toEqual(['h', '', 'h']);
  expect(notice()).toBe('');
});

test('a device with a new id is found by its name, and saved', async () => {
  const { output, change } = setUp({ output_id: 'former', output_label: 'Headphones' });
  const element = fakeElement(['h']);
  await output.use(element);
  expect(element.used).toEqual(['h']);
  expect(change).toHaveBeenCalledExactlyOnceWith({ output_id: 'h', output_label: 'Headphones' });
});

test('a device that refuses: the default plays, and this is said until another one is chosen', async () => {
  const { output, change, notice } = setUp({ output_id: 'h', output_label: 'Headphones' });
  const element = fakeElement(['s']);
  await output.use(element);
  expect(element.used).toEqual(['h', '']);
  expect(notice()).toContain('Headphones could not be used.');
  void change({ output_id: 's', output_label: 'Speakers' });
  await settled();
  expect([element.used.at(-1), notice()]).toEqual(['s', '']);
});

test('while the browser hides names, nothing is said about the chosen device', async () => {
  const hidden = { devices: [device('', '')], defaultLabel: '', readable: false };
  const { output, notice } = setUp({ output_id: 'h', output_label: 'Headphones' }, hidden);
  expect([notice(), output.sinkId()]).toEqual(['', 'h']);
});

test('an element that can’t select a device plays on the default', async () => {
  const { output } = setUp({ output_id: 'h', output_label: 'Headphones' });
  await expect(output.use({})).resolves.toBeUndefined();
});

test('after dispose nothing follows', async () => {
  const { output, change } = setUp();
  const element = fakeElement(['h']);
  await output.use(element);
  output.dispose();
  void change({ output_id: 'h', output_label: 'Headphones' });
  await settled();
  expect(element.used).toEqual([]);
});
