import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeMicrophone } from '../testing/fake-microphone.ts';
import type { InputDevice, MicrophoneChoice } from './choose-microphone.ts';
import { micError } from './mic-problem.ts';
import type { DeviceOptions, MicrophoneInfo } from './microphone.ts';
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
async function stop(mic: { stop(): Promise<void> }): Promise<void> {
  const stopped = mic.stop();
  await vi.advanceTimersByTimeAsync(10);
  await stopped;
}

/**
 * A computer with configurable devices. A missing device is refused; all others are live immediately.
 */
function setUp(choice: MicrophoneChoice = { id: '', label: '' }) {
  const media = Object.assign(new EventTarget(), { enumerateDevices: async () => system.list });
  const system = {
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
  const onOpened = vi.fn((_info: MicrophoneInfo) => {});
  /** What the user chooses during the turn. */
  const chosen = new Set<(choice: MicrophoneChoice) => void>();
  const choose = (id: string, label: string) => {
    for (const listener of chosen) listener({ id, label });
  };
  /** The device delivers sound, with its label. */
  const live = (mic: FakeMicrophone | undefined) => {
    const requestedId = mic?.options.deviceId || 'default';
    const label = system.list.find(({ deviceId }) => deviceId === requestedId)?.label ?? '';
    mic?.setState('ok', label).allow(label);
  };
  const openDevice = (options: DeviceOptions) => {
    const mic = new FakeMicrophone(options);
    mic.flushMs = 0;
    system.mics.push(mic);
    const requestedId = options.deviceId === '' ? 'default' : options.deviceId;
    if (!system.list.some(({ deviceId }) => deviceId === requestedId)) mic.fail(micError('mic_missing'));
    else if (!system.slow) queueMicrotask(() => live(mic));
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
      hostDefault: async () => system.hostDefault,
      restartAudio: system.restart,
      onRenewed,
      onOpened,
      watchChoice: (listener) => {
        chosen.add(listener);
        return () => chosen.delete(listener);
      },
      processing: { echoCancellation: true, noiseSuppression: false, autoGainControl: false },
      media: media as unknown as MediaDevices,
      openDevice,
    });
  const fullFrame = (value: number) => new Int16Array(320).fill(value);
  const deliver = (mic: FakeMicrophone | undefined, value: number) => mic?.options.events.onFrame(fullFrame(value));
  const advance = (ms: number) => vi.advanceTimersByTimeAsync(ms);
  const requestedIds = () => system.mics.map(({ options }) => options.deviceId);
  return {
    system,
    frames,
    reports,
    reasons,
    live,
    onEnded,
    onRenewed,
    onOpened,
    chosen,
    choose,
    open,
    deliver,
    advance,
    requestedIds,
  };
}

/** A computer whose microphone is open and live. */
async function openLive(choice?: MicrophoneChoice) {
  const rig = setUp(choice);
  const mic = rig.open();
  await mic.ready;
  return { m: rig, mic };
}

describe('H55 at the press', () => {
  test('the chosen device is requested in the same tick, and reported by name', async () => {
    const rig = setUp({ id: 'y1', label: 'Yeti' });
    const mic = rig.open();
    expect(rig.requestedIds()).toEqual(['y1']);
    await mic.ready;
    expect(rig.reports).toEqual(['Yeti']);
    await stop(mic);
    expect(rig.system.mics.map(({ state }) => state)).toEqual(['off']);
  });

  test('missing: the default is used and the missing one named, and the choice is kept', async () => {
    const { m: rig, mic } = await openLive({ id: 'h1', label: 'Headset' });
    expect(rig.requestedIds()).toEqual(['h1', '']);
    expect(rig.reports.at(-1)).toBe('Built-in instead of Headset');
    expect(rig.reasons).toEqual(['the chosen one is not connected']);
    expect(rig.onRenewed).not.toHaveBeenCalled();
    await stop(mic);
  });

  test('with a new id it is found by its label, and the id is updated', async () => {
    const { m: rig, mic } = await openLive({ id: 'former', label: 'Yeti' });
    expect(rig.requestedIds()).toEqual(['former', 'y1']);
    expect(rig.onRenewed).toHaveBeenCalledExactlyOnceWith({ id: 'y1', label: 'Yeti' });
    await stop(mic);
  });

  test('back during the turn: it is used again, the other one runs until it delivers audio, and no audio is lost or duplicated', async () => {
    const { m: rig, mic } = await openLive({ id: 'h1', label: 'Headset' });
    rig.deliver(rig.system.mics[1], 1);
    rig.system.list = [...rig.system.list, device('h1', 'Headset')];
    await rig.advance(1_050);
    expect(rig.requestedIds()).toHaveLength(2); // the device was seen only once
    // The new device has also captured the last samples of the old one.
    if (rig.system.mics[1]) rig.system.mics[1].tail = [7, 7];
    await rig.advance(850);
    rig.deliver(rig.system.mics[1], 1);
    await rig.advance(150);
    rig.deliver(rig.system.mics[2], 2);
    rig.deliver(rig.system.mics[1], 9); // after the change
    expect(rig.frames).toEqual([
      [320, 1],
      [320, 1],
      [320, 2],
    ]);
    expect(rig.reports.at(-1)).toBe('Headset');
    expect(rig.reports.filter((report) => report.startsWith('gap'))).toEqual([]);
    expect(rig.reasons.at(-1)).toBe('the chosen one is back');
    await stop(mic);
  });

  test.each(['mic_denied', 'mic_busy'] as const)('a chosen device that fails with %s is not replaced', async (code) => {
    const rig = setUp({ id: 'y1', label: 'Yeti' });
    rig.system.slow = true;
    const mic = rig.open();
    rig.system.mics[0]?.fail(micError(code));
    await expect(mic.ready).rejects.toMatchObject({ code });
    expect(rig.requestedIds()).toHaveLength(1);
  });

  test('H44 no device: mic_missing after one attempt, without waiting', async () => {
    const rig = setUp();
    rig.system.list = [{ kind: 'audiooutput', deviceId: 'o', label: 'o', groupId: 'o' }];
    await expect(rig.open().ready).rejects.toMatchObject({ code: 'mic_missing' });
    expect(rig.requestedIds()).toEqual(['']);
    expect(rig.system.restart).not.toHaveBeenCalled();
  });
});

describe('H56 during the turn', () => {
  test('a new default is used without a gap, once it delivers audio', async () => {
    const { m: rig, mic } = await openLive();
    rig.system.list = [defaultOf(YETI), BUILT_IN, YETI];
    rig.system.slow = true;
    await rig.advance(1_050);
    rig.deliver(rig.system.mics[0], 1);
    expect(rig.reports.at(-1)).toBe('Built-in');
    rig.live(rig.system.mics[1]);
    await rig.advance(20);
    rig.deliver(rig.system.mics[1], 2);
    expect(rig.frames).toEqual([
      [320, 1],
      [320, 2],
    ]);
    expect(rig.reports.slice(-2)).toEqual(['Built-in', 'Yeti']);
    expect(rig.reasons).toEqual(["the system's default changed"]);
    expect(rig.system.mics[0]?.state).toBe('off');
    await stop(mic);
  });

  test('on Linux, where the browser does not report it, according to the host', async () => {
    const rig = setUp();
    rig.system.list = [device('default', 'Default', 'none'), BUILT_IN, YETI];
    rig.system.hostDefault = 'Built-in';
    const mic = rig.open();
    await mic.ready;
    rig.system.hostDefault = 'Yeti';
    await rig.advance(1_050);
    expect(rig.reports.slice(-2)).toEqual(['Built-in', 'Yeti']);
    expect(rig.reasons).toEqual(["the system's default changed"]);
    await stop(mic);
  });

  test('a new device that can’t be opened: the current one is kept, and it is not retried again and again', async () => {
    const { m: rig, mic } = await openLive();
    rig.system.list = [defaultOf(YETI), BUILT_IN, YETI];
    rig.system.slow = true;
    await rig.advance(1_050);
    rig.system.mics[1]?.fail(micError('mic_busy'));
    await rig.advance(10_000);
    expect(rig.requestedIds()).toHaveLength(2);
    rig.deliver(rig.system.mics[0], 1);
    expect(rig.frames).toEqual([[320, 1]]);
    expect(rig.onEnded).not.toHaveBeenCalled();
    await stop(mic);
  });

  test('the active device is disconnected: its last audio is kept, the next one is used, and the gap has the right length', async () => {
    const { m: rig, mic } = await openLive({ id: 'y1', label: 'Yeti' });
    rig.deliver(rig.system.mics[0], 1);
    if (rig.system.mics[0]) rig.system.mics[0].tail = [5];
    rig.system.list = [defaultOf(BUILT_IN), BUILT_IN];
    rig.system.slow = true;
    rig.system.mics[0]?.unplug();
    await rig.advance(400);
    rig.live(rig.system.mics[1]);
    await rig.advance(20);
    rig.deliver(rig.system.mics[1], 2);
    expect(rig.frames).toEqual([
      [320, 1],
      [320, 5],
      [320, 2],
    ]);
    expect(rig.reports.slice(-2)).toEqual(['Built-in instead of Yeti', 'gap of 400, changed']);
    expect(rig.onEnded).not.toHaveBeenCalled();
    await stop(mic);
  });

  test('without a device for half a second: reported as stalled until the next one delivers audio', async () => {
    const { m: rig, mic } = await openLive();
    rig.deliver(rig.system.mics[0], 1);
    rig.system.list = [defaultOf(YETI), YETI];
    rig.system.slow = true;
    rig.system.mics[0]?.unplug();
    await rig.advance(450);
    expect(rig.reports.at(-1)).toBe('Built-in');
    await rig.advance(100);
    expect(rig.reports.at(-1)).toBe('Built-in stalled');
    // Its own state, before its sound has arrived.
    rig.system.mics[1]?.setState('ok', 'Yeti');
    expect(rig.reports.at(-1)).toBe('Built-in stalled');
    rig.live(rig.system.mics[1]);
    await rig.advance(20);
    expect(rig.reports.at(-1)).toBe('Yeti');
    await stop(mic);
  });

  test('H52 after a stall is reported once: the part that the device reported itself is not part of the gap', async () => {
    const { m: rig, mic } = await openLive();
    const previousMic = rig.system.mics[0];
    rig.deliver(previousMic, 1);
    await rig.advance(750);
    previousMic?.setState('stalled', 'Built-in');
    rig.deliver(previousMic, 2); // the frame it had begun
    await rig.advance(9_250);
    previousMic?.gap(9_480, 'stalled');
    rig.system.list = [defaultOf(YETI), BUILT_IN, YETI];
    await rig.advance(1_050);
    rig.deliver(rig.system.mics[1], 3);
    expect(rig.frames).toEqual([
      [320, 1],
      [320, 2],
      [320, 3],
    ]);
    const gaps = rig.reports.filter((line) => line.startsWith('gap'));
    expect(gaps[0]).toBe('gap of 9480, stalled');
    expect(gaps).toHaveLength(2);
    const total = gaps.reduce((sum, line) => sum + Number(line.match(/\d+/)?.[0]), 0);
    // 11.05 s passed between the first and the last frame, plus one frame.
    expect(total + 2 * 20).toBe(11_050);
    await stop(mic);
  });

  test('missing from the device list counts as disconnected', async () => {
    const { m: rig, mic } = await openLive({ id: 'y1', label: 'Yeti' });
    rig.system.list = [defaultOf(BUILT_IN), BUILT_IN];
    await rig.advance(1_050);
    expect(rig.reports.at(-1)).toBe('Built-in instead of Yeti');
    await stop(mic);
  });

  test('no device is left: reported once, after a limited number of attempts', async () => {
    const { m: rig, mic } = await openLive();
    rig.system.list = [];
    rig.system.mics[0]?.unplug();
    await rig.advance(60_000);
    expect(rig.onEnded).toHaveBeenCalledTimes(1);
    expect(rig.reports.at(-1)).toBe('Built-in stalled');
    expect(rig.requestedIds()).toHaveLength(8);
    await stop(mic);
  });

  test('a device that comes and goes repeatedly: the turn ends after a few changes', async () => {
    const { m: rig, mic } = await openLive();
    for (let n = 0; n < 20; n++) {
      rig.system.mics.at(-1)?.unplug();
      await rig.advance(100);
    }
    expect(rig.onEnded).toHaveBeenCalledTimes(1);
    expect(rig.requestedIds().length).toBeLessThan(8);
    await stop(mic);
  });

  test('stopped while it searches for another one: every device is off, and no event follows', async () => {
    const { m: rig, mic } = await openLive();
    rig.system.list = [];
    rig.system.mics[0]?.unplug();
    await rig.advance(300);
    await stop(mic);
    await rig.advance(30_000);
    expect(rig.onEnded).not.toHaveBeenCalled();
    expect(rig.system.mics.every(({ state }) => state === 'off')).toBe(true);
  });
});

describe('another microphone is chosen during the turn', () => {
  test('it is used at once, without a gap, once it delivers audio', async () => {
    const { m: rig, mic } = await openLive();
    rig.system.slow = true;
    rig.choose('y1', 'Yeti');
    await rig.advance(10);
    rig.deliver(rig.system.mics[0], 1);
    expect(rig.reports.at(-1)).toBe('Built-in');
    rig.live(rig.system.mics[1]);
    await rig.advance(20);
    rig.deliver(rig.system.mics[1], 2);
    expect(rig.frames).toEqual([
      [320, 1],
      [320, 2],
    ]);
    expect(rig.reports.slice(-2)).toEqual(['Built-in', 'Yeti']);
    expect(rig.reasons).toEqual(['the user chose another one']);
    expect(rig.system.mics[0]?.state).toBe('off');
    await stop(mic);
    expect(rig.chosen.size).toBe(0);
  });

  test('while the first one is being opened: it follows as soon as that one delivers audio', async () => {
    const rig = setUp();
    rig.system.slow = true;
    const mic = rig.open();
    rig.choose('y1', 'Yeti');
    rig.system.slow = false;
    rig.live(rig.system.mics[0]);
    await mic.ready;
    await rig.advance(1_050);
    expect(rig.reports.at(-1)).toBe('Yeti');
    await stop(mic);
  });

  test('it can’t be opened: the current one is kept and named, and it is not tried again and again', async () => {
    const { m: rig, mic } = await openLive();
    rig.system.slow = true;
    rig.choose('y1', 'Yeti');
    await rig.advance(10);
    rig.system.mics[1]?.fail(micError('mic_busy'));
    await rig.advance(10_000);
    expect(rig.requestedIds()).toEqual(['', 'y1']);
    expect(rig.reports.at(-1)).toBe('Built-in instead of Yeti');
    rig.deliver(rig.system.mics[0], 1);
    expect(rig.frames).toEqual([[320, 1]]);
    // Chosen again, it is tried again.
    rig.choose('', '');
    await rig.advance(10);
    expect(rig.reports.at(-1)).toBe('Built-in');
    rig.system.slow = false;
    rig.choose('y1', 'Yeti');
    await rig.advance(20);
    expect(rig.reports.at(-1)).toBe('Yeti');
    await stop(mic);
  });

  test('the default instead of a missing one: nothing is opened, and no other name is given any more', async () => {
    const { m: rig, mic } = await openLive({ id: 'h1', label: 'Headset' });
    expect(rig.reports.at(-1)).toBe('Built-in instead of Headset');
    rig.choose('', '');
    await rig.advance(10);
    expect(rig.reports.at(-1)).toBe('Built-in');
    expect(rig.requestedIds()).toEqual(['h1', '']);
    await stop(mic);
  });

  test('any number of times: the limit is for devices that come and go by themselves', async () => {
    const { m: rig, mic } = await openLive();
    for (let n = 0; n < 20; n++) {
      if (n % 2 === 0) rig.choose('y1', 'Yeti');
      else rig.choose('b1', 'Built-in');
      await rig.advance(20);
    }
    expect(rig.reports.at(-1)).toBe('Built-in');
    expect(rig.requestedIds()).toHaveLength(21);
    expect(rig.onEnded).not.toHaveBeenCalled();
    await stop(mic);
  });
});

test('every device is opened with the same processing, and reported when it delivers audio', async () => {
  const { m: rig, mic } = await openLive();
  rig.choose('y1', 'Yeti');
  await rig.advance(20);
  expect(rig.system.mics.map(({ options }) => options.processing?.echoCancellation)).toEqual([true, true]);
  expect(rig.onOpened.mock.calls.map(([{ label }]) => label)).toEqual(['Default - Built-in', 'Yeti']);
  await stop(mic);
});

describe('H65 a restart of the sound server', () => {
  test('during the turn: the audio process is restarted until there is a device, and the turn continues', async () => {
    const { m: rig, mic } = await openLive();
    rig.deliver(rig.system.mics[0], 1);
    rig.system.list = [];
    rig.system.restart.mockResolvedValue(true);
    rig.system.mics[0]?.unplug();
    await rig.advance(1_050);
    rig.system.list = [defaultOf(BUILT_IN), BUILT_IN];
    await rig.advance(4_000);
    expect(rig.system.restart.mock.calls.length).toBeGreaterThan(1);
    expect(rig.reasons).toEqual(['the former one went away']);
    expect(rig.onEnded).not.toHaveBeenCalled();
    await stop(mic);
  });

  test('before the press: the audio process is restarted, and the microphone opens', async () => {
    const rig = setUp();
    rig.system.list = [];
    rig.system.restart.mockImplementation(async () => {
      rig.system.list = [defaultOf(BUILT_IN), BUILT_IN];
      return true;
    });
    const mic = rig.open();
    await mic.ready;
    expect(rig.reports.at(-1)).toBe('Built-in');
    await stop(mic);
  });

  test('in a tab, which can’t restart it: mic_no_devices', async () => {
    const rig = setUp();
    rig.system.list = [];
    await expect(rig.open().ready).rejects.toMatchObject({ code: 'mic_no_devices' });
    expect(rig.requestedIds()).toEqual(['', '']);
  });
});
