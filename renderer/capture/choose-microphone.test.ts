import { describe, expect, test } from 'vitest';
import { chooseMicrophone, type InputDevice, readMicrophones, renewedChoice } from './choose-microphone.ts';

const input = (deviceId: string, label: string, groupId = `group of ${deviceId}`): InputDevice => ({
  kind: 'audioinput',
  deviceId,
  label,
  groupId,
});
const output: InputDevice = { kind: 'audiooutput', deviceId: 'out', label: 'Speakers', groupId: 'g' };
const BUILT_IN = input('b1', 'Built-in Microphone');
const YETI = input('y1', 'Blue Yeti');

describe('the list', () => {
  test('an alias of the default is not a device of its own, and its label names the default', () => {
    const list = [input('default', 'Default - Blue Yeti', YETI.groupId), BUILT_IN, YETI, output];
    expect(readMicrophones(list)).toMatchObject({
      devices: [BUILT_IN, YETI],
      defaultLabel: 'Blue Yeti',
      readable: true,
    });
  });

  test('in any language of the browser, and if one label ends with another', () => {
    const own = input('o', 'Yeti');
    const list = [input('default', 'Standard - Blue Yeti', 'other'), own, YETI];
    expect(readMicrophones(list).defaultLabel).toBe('Blue Yeti');
    expect(readMicrophones([input('default', 'Standard - Blue Yeti', own.groupId), own, YETI]).defaultLabel).toBe(
      'Yeti',
    );
  });

  test('on Linux, where it has no label, the host’s label is used if the page sees such a device', () => {
    const list = [input('default', 'Default', 'none'), BUILT_IN, YETI];
    expect(readMicrophones(list).defaultLabel).toBe('');
    expect(readMicrophones(list, 'Blue Yeti').defaultLabel).toBe('Blue Yeti');
    expect(readMicrophones(list, 'Of another machine').defaultLabel).toBe('');
  });

  test('without an alias the first device is the default', () => {
    expect(readMicrophones([YETI, BUILT_IN])).toMatchObject({ defaultLabel: 'Blue Yeti' });
  });

  test.each([
    [
      'another group',
      [input('default', 'Default', 'x'), BUILT_IN, YETI],
      [input('default', 'Default', 'y'), BUILT_IN, YETI],
      '',
      '',
    ],
    ['another label', [input('default', 'Default - A', 'x')], [input('default', 'Default - B', 'x')], '', ''],
    [
      'the word of the host',
      [input('default', 'Default'), BUILT_IN, YETI],
      [input('default', 'Default'), BUILT_IN, YETI],
      'Blue Yeti',
      'Built-in Microphone',
    ],
    ['another order', [BUILT_IN, YETI], [YETI, BUILT_IN], '', ''],
  ])('H56 another default is detected by %s', (_by, before, after, hostBefore, hostAfter) => {
    expect(readMicrophones(before, hostBefore).defaultKey).not.toBe(readMicrophones(after, hostAfter).defaultKey);
    expect(readMicrophones(after, hostAfter).defaultKey).toBe(readMicrophones(after, hostAfter).defaultKey);
  });

  test('before permission it is not readable; without any audio device `noDevices` is true', () => {
    expect(readMicrophones([input('', '', ''), output])).toMatchObject({
      readable: false,
      noDevices: false,
      devices: [],
    });
    expect(readMicrophones([])).toMatchObject({ noDevices: true, defaultLabel: '' });
    expect(readMicrophones([output])).toMatchObject({ noDevices: false });
  });
});

describe('H55 the choice', () => {
  const list = readMicrophones([input('default', 'Default - Built-in Microphone', BUILT_IN.groupId), BUILT_IN, YETI]);

  test('none: the default', () => {
    expect(chooseMicrophone({ id: '', label: '' }, list)).toEqual({
      deviceId: '',
      label: 'Built-in Microphone',
      insteadOf: '',
    });
  });

  test('by its id, whatever its label is now', () => {
    expect(chooseMicrophone({ id: 'y1', label: 'Old name' }, list)).toEqual({
      deviceId: 'y1',
      label: 'Blue Yeti',
      insteadOf: '',
    });
  });

  test('with a new id it is found by its label, and the id is updated', () => {
    const choice = { id: 'former', label: 'Blue Yeti' };
    const chosen = chooseMicrophone(choice, list);
    expect(chosen).toEqual({ deviceId: 'y1', label: 'Blue Yeti', insteadOf: '' });
    expect(renewedChoice(choice, chosen)).toEqual({ id: 'y1', label: 'Blue Yeti' });
  });

  test('missing: the default instead, and nothing is updated', () => {
    const choice = { id: 'h1', label: 'Headset' };
    const chosen = chooseMicrophone(choice, list);
    expect(chosen).toEqual({ deviceId: '', label: 'Built-in Microphone', insteadOf: 'Headset' });
    expect(renewedChoice(choice, chosen)).toBeNull();
    expect(chooseMicrophone({ id: 'h1', label: '' }, list).insteadOf).toBe('The chosen microphone');
  });

  test('two devices with the same label and new ids: neither is chosen', () => {
    const sameLabel = readMicrophones([BUILT_IN, input('y2', 'Blue Yeti'), input('y3', 'Blue Yeti')]);
    expect(chooseMicrophone({ id: 'former', label: 'Blue Yeti' }, sameLabel)).toMatchObject({
      deviceId: '',
      insteadOf: 'Blue Yeti',
    });
    expect(chooseMicrophone({ id: 'y3', label: 'Blue Yeti' }, sameLabel)).toMatchObject({
      deviceId: 'y3',
      insteadOf: '',
    });
  });

  test('a choice without a label gets one; an unchanged one is not saved again', () => {
    const chosen = chooseMicrophone({ id: 'y1', label: '' }, list);
    expect(renewedChoice({ id: 'y1', label: '' }, chosen)).toEqual({ id: 'y1', label: 'Blue Yeti' });
    expect(renewedChoice({ id: 'y1', label: 'Blue Yeti' }, chosen)).toBeNull();
  });
});
