import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeMicrophone } from '../testing/fake-microphone.ts';
import type { InputDevice, MicrophoneChoice } from './choose-microphone.ts';
import { micError } from './mic-problem.ts';
import type { DeviceOptions } from './microphone.ts';
import { followMicrophone } from './microphone-follower.ts';

const device = (deviceId: string, label: string, groupId = deviceId): InputDevice => ({
  kind: 'audioinput',
  deviceId,
  label,
  groupId,
});
const BUILT_IN = device('b1', 'Built-in');
const YETI = device('y1', 'Yeti');
const defaultOf = ({ label, groupId }: InputDevice) => device('default', `Default - ${label}`, groupId);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A flush takes some time of the fake clock. */
async function off(mic: { stop(): Promise<void> }): Promise<void> {
  const stopped = mic.stop();
  await vi.advanceTimersByTimeAsync(10);
  await stopped;
}

/**
 * A machine with configurable devices. A missing device is refused; all others are live immediately.
 */
function machine(choice: MicrophoneChoice = { id: '', label: '' }) {
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => at.list });
  const at = {
    list: [defaultOf(BUILT_IN), BUILT_IN, YETI] as InputDevice[],
    mics: [] as FakeMicrophone[],
    restart: vi.fn(async () => false),
    hostDefault: '',
    /** Devices stay pending until the test makes them live. */
    slow: false,
  };
  const frames: number[][] = [];
  const reports: string[] = [];
  const reasons: string[] = [];
  const onEnded = vi.fn();
  const onRenewed = vi.fn();
  /** The device delivers sound, with its label. */
  const live = (mic: FakeMicrophone | undefined) => {
    const requestedId = mic?.options.deviceId || 'default';
    const label = at.list.find(({ deviceId }) => deviceId === requestedId)?.label ?? '';
    mic?.setState('ok', label).allow(label);
  };
  const openDevice = (options: DeviceOptions) => {
    const mic = new FakeMicrophone(options);
    mic.flushMs = 0;
    at.mics.push(mic);
    const requestedId = options.deviceId === '' ? 'default' : options.deviceId;
    if (!at.list.some(({ deviceId }) => deviceId === requestedId)) mic.fail(micError('mic_missing'));
    else if (!at.slow) queueMicrotask(() => live(mic));
    return mic;
  };
  const open = () =>
    followMicrophone({
      choice,
      events: {
        onFrame: (pcm) => frames.push([pcm.length, pcm[0] ?? 0]),
        onGap: (ms, why) => reports.push(`gap of ${Math.round(ms)}${why ? `, ${why}` : ''}`),
        onState: ({ label, status, instead_of }) => {
          const what = `${label}${instead_of === null ? '' : ` instead of ${instead_of}`}`;
          reports.push(status === 'ok' ? what : `${what} ${status}`);
        },
        onEnded,
      },
      log: (_event, fields) => void reasons.push(String(fields?.why)),
      hostDefault: async () => at.hostDefault,
      restartAudio: at.restart,
      onRenewed,
      media: media as unknown as MediaDevices,
      openDevice,
    });
  const fullFrame = (value: number) => new Int16Array(320).fill(value);
  const deliver = (mic: FakeMicrophone | undefined, value: number) => mic?.options.events.onFrame(fullFrame(value));
  const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const ids = () => at.mics.map(({ options }) => options.deviceId);
  return { at, frames, reports, reasons, live, onEnded, onRenewed, open, deliver, pass, ids };
}

/** A machine whose microphone is open and live. */
async function listening(choice?: MicrophoneChoice) {
  const m = machine(choice);
  const mic = m.open();
  await mic.ready;
  return { m, mic };
}

describe('H55 at the press', () => {
  test('the chosen device is requested in the same tick, and reported by name', async () => {
    const m = machine({ id: 'y1', label: 'Yeti' });
    const mic = m.open();
    expect(m.ids()).toEqual(['y1']);
    await mic.ready;
    expect(m.reports).toEqual(['Yeti']);
    await off(mic);
    expect(m.at.mics.map(({ state }) => state)).toEqual(['off']);
  });

  test('missing: the default is used and the missing one named, and the choice is kept', async () => {
    const { m, mic } = await listening({ id: 'h1', label: 'Headset' });
    expect(m.ids()).toEqual(['h1', '']);
    expect(m.reports.at(-1)).toBe('Built-in instead of Headset');
    expect(m.reasons).toEqual(['the chosen one is not connected']);
    expect(m.onRenewed).not.toHaveBeenCalled();
    await off(mic);
  });

  test('with a new id it is found by its label, and the id is updated', async () => {
    const { m, mic } = await listening({ id: 'former', label: 'Yeti' });
    expect(m.ids()).toEqual(['former', 'y1']);
    expect(m.onRenewed).toHaveBeenCalledExactlyOnceWith({ id: 'y1', label: 'Yeti' });
    await off(mic);
  });

  test('back during the turn: it is used again, the other one runs until it delivers audio, and no audio is lost or duplicated', async () => {
    const { m, mic } = await listening({ id: 'h1', label: 'Headset' });
    m.deliver(m.at.mics[1], 1);
    m.at.list = [...m.at.list, device('h1', 'Headset')];
    await m.pass(1_050);
    expect(m.ids()).toHaveLength(2); // seen once
    // The new device has also captured the last samples of the old one.
    if (m.at.mics[1]) m.at.mics[1].tail = [7, 7];
    await m.pass(850);
    m.deliver(m.at.mics[1], 1);
    await m.pass(150);
    m.deliver(m.at.mics[2], 2);
    m.deliver(m.at.mics[1], 9); // too late
    expect(m.frames).toEqual([
      [320, 1],
      [320, 1],
      [320, 2],
    ]);
    expect(m.reports.at(-1)).toBe('Headset');
    expect(m.reports.filter((report) => report.startsWith('gap'))).toEqual([]);
    expect(m.reasons.at(-1)).toBe('the chosen one is back');
    await off(mic);
  });

  test.each(['mic_denied', 'mic_busy'] as const)('a chosen device that fails with %s is not replaced', async (code) => {
    const m = machine({ id: 'y1', label: 'Yeti' });
    m.at.slow = true;
    const mic = m.open();
    m.at.mics[0]?.fail(micError(code));
    await expect(mic.ready).rejects.toMatchObject({ code });
    expect(m.ids()).toHaveLength(1);
  });

  test('H44 no device: mic_missing after one attempt, without waiting', async () => {
    const m = machine();
    m.at.list = [{ kind: 'audiooutput', deviceId: 'o', label: 'o', groupId: 'o' }];
    await expect(m.open().ready).rejects.toMatchObject({ code: 'mic_missing' });
    expect(m.ids()).toEqual(['']);
    expect(m.at.restart).not.toHaveBeenCalled();
  });
});

describe('H56 during the turn', () => {
  test('a new default is used without a gap, once it delivers audio', async () => {
    const { m, mic } = await listening();
    m.at.list = [defaultOf(YETI), BUILT_IN, YETI];
    m.at.slow = true;
    await m.pass(1_050);
    m.deliver(m.at.mics[0], 1);
    expect(m.reports.at(-1)).toBe('Built-in');
    m.live(m.at.mics[1]);
    await m.pass(20);
    m.deliver(m.at.mics[1], 2);
    expect(m.frames).toEqual([
      [320, 1],
      [320, 2],
    ]);
    expect(m.reports.slice(-2)).toEqual(['Built-in', 'Yeti']);
    expect(m.reasons).toEqual(["the system's default changed"]);
    expect(m.at.mics[0]?.state).toBe('off');
    await off(mic);
  });

  test('on Linux, where the browser does not report it, according to the host', async () => {
    const m = machine();
    m.at.list = [device('default', 'Default', 'none'), BUILT_IN, YETI];
    m.at.hostDefault = 'Built-in';
    const mic = m.open();
    await mic.ready;
    m.at.hostDefault = 'Yeti';
    await m.pass(1_050);
    expect(m.reports.slice(-2)).toEqual(['Built-in', 'Yeti']);
    expect(m.reasons).toEqual(["the system's default changed"]);
    await off(mic);
  });

  test('a new device that can’t be opened: the current one is kept, and it is not retried again and again', async () => {
    const { m, mic } = await listening();
    m.at.list = [defaultOf(YETI), BUILT_IN, YETI];
    m.at.slow = true;
    await m.pass(1_050);
    m.at.mics[1]?.fail(micError('mic_busy'));
    await m.pass(10_000);
    expect(m.ids()).toHaveLength(2);
    m.deliver(m.at.mics[0], 1);
    expect(m.frames).toEqual([[320, 1]]);
    expect(m.onEnded).not.toHaveBeenCalled();
    await off(mic);
  });

  test('the active device is disconnected: its last audio is kept, the next one is used, and the gap has the right length', async () => {
    const { m, mic } = await listening({ id: 'y1', label: 'Yeti' });
    m.deliver(m.at.mics[0], 1);
    if (m.at.mics[0]) m.at.mics[0].tail = [5];
    m.at.list = [defaultOf(BUILT_IN), BUILT_IN];
    m.at.slow = true;
    m.at.mics[0]?.unplug();
    await m.pass(400);
    m.live(m.at.mics[1]);
    await m.pass(20);
    m.deliver(m.at.mics[1], 2);
    expect(m.frames).toEqual([
      [320, 1],
      [320, 5],
      [320, 2],
    ]);
    expect(m.reports.slice(-2)).toEqual(['Built-in instead of Yeti', 'gap of 400, changed']);
    expect(m.onEnded).not.toHaveBeenCalled();
    await off(mic);
  });

  test('without a device for half a second: reported as stalled until the next one delivers audio', async () => {
    const { m, mic } = await listening();
    m.deliver(m.at.mics[0], 1);
    m.at.list = [defaultOf(YETI), YETI];
    m.at.slow = true;
    m.at.mics[0]?.unplug();
    await m.pass(450);
    expect(m.reports.at(-1)).toBe('Built-in');
    await m.pass(100);
    expect(m.reports.at(-1)).toBe('Built-in stalled');
    // Its own state, before its sound has arrived.
    m.at.mics[1]?.setState('ok', 'Yeti');
    expect(m.reports.at(-1)).toBe('Built-in stalled');
    m.live(m.at.mics[1]);
    await m.pass(20);
    expect(m.reports.at(-1)).toBe('Yeti');
    await off(mic);
  });

  test('H52 after a stall is reported once: the part that the device reported itself is not part of the gap', async () => {
    const { m, mic } = await listening();
    const previousMic = m.at.mics[0];
    m.deliver(previousMic, 1);
    await m.pass(750);
    previousMic?.setState('stalled', 'Built-in');
    m.deliver(previousMic, 2); // what it had begun
    await m.pass(9_250);
    previousMic?.gap(9_480, 'stalled');
    m.at.list = [defaultOf(YETI), BUILT_IN, YETI];
    await m.pass(1_050);
    m.deliver(m.at.mics[1], 3);
    expect(m.frames).toEqual([
      [320, 1],
      [320, 2],
      [320, 3],
    ]);
    const gaps = m.reports.filter((line) => line.startsWith('gap'));
    expect(gaps[0]).toBe('gap of 9480, stalled');
    expect(gaps).toHaveLength(2);
    const total = gaps.reduce((sum, line) => sum + Number(line.match(/\d+/)?.[0]), 0);
    // 11.05 s passed between the first and the last frame, plus one frame.
    expect(total + 2 * 20).toBe(11_050);
    await off(mic);
  });

  test('missing from the device list counts as disconnected', async () => {
    const { m, mic } = await listening({ id: 'y1', label: 'Yeti' });
    m.at.list = [defaultOf(BUILT_IN), BUILT_IN];
    await m.pass(1_050);
    expect(m.reports.at(-1)).toBe('Built-in instead of Yeti');
    await off(mic);
  });

  test('no device is left: reported once, after a limited number of attempts', async () => {
    const { m, mic } = await listening();
    m.at.list = [];
    m.at.mics[0]?.unplug();
    await m.pass(60_000);
    expect(m.onEnded).toHaveBeenCalledTimes(1);
    expect(m.reports.at(-1)).toBe('Built-in stalled');
    expect(m.ids()).toHaveLength(8);
    await off(mic);
  });

  test('a device that comes and goes repeatedly: the turn ends after a few changes', async () => {
    const { m, mic } = await listening();
    for (let n = 0; n < 20; n++) {
      m.at.mics.at(-1)?.unplug();
      await m.pass(100);
    }
    expect(m.onEnded).toHaveBeenCalledTimes(1);
    expect(m.ids().length).toBeLessThan(8);
    await off(mic);
  });

  test('stopped while it searches for another one: every device is off, and no event follows', async () => {
    const { m, mic } = await listening();
    m.at.list = [];
    m.at.mics[0]?.unplug();
    await m.pass(300);
    await off(mic);
    await m.pass(30_000);
    expect(m.onEnded).not.toHaveBeenCalled();
    expect(m.at.mics.every(({ state }) => state === 'off')).toBe(true);
  });
});

describe('H65 a restart of the sound server', () => {
  test('during the turn: the audio process is restarted until there is a device, and the turn continues', async () => {
    const { m, mic } = await listening();
    m.deliver(m.at.mics[0], 1);
    m.at.list = [];
    m.at.restart.mockResolvedValue(true);
    m.at.mics[0]?.unplug();
    await m.pass(1_050);
    m.at.list = [defaultOf(BUILT_IN), BUILT_IN];
    await m.pass(4_000);
    expect(m.at.restart.mock.calls.length).toBeGreaterThan(1);
    expect(m.reasons).toEqual(['the former one went away']);
    expect(m.onEnded).not.toHaveBeenCalled();
    await off(mic);
  });

  test('before the press: the audio process is restarted, and the microphone opens', async () => {
    const m = machine();
    m.at.list = [];
    m.at.restart.mockImplementation(async () => {
      m.at.list = [defaultOf(BUILT_IN), BUILT_IN];
      return true;
    });
    const mic = m.open();
    await mic.ready;
    expect(m.reports.at(-1)).toBe('Built-in');
    await off(mic);
  });

  test('in a tab, which can’t restart it: mic_no_devices', async () => {
    const m = machine();
    m.at.list = [];
    await expect(m.open().ready).rejects.toMatchObject({ code: 'mic_no_devices' });
    expect(m.ids()).toEqual(['', '']);
  });
});
