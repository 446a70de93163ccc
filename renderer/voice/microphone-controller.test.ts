import { beforeEach, describe, expect, test, vi } from 'vitest';
import { EarshotError } from '../../shared/errors.ts';
import type { ConnectionEvent } from '../connection/connection-types.ts';
import { FakeMicrophone } from '../testing/fake-microphone.ts';
import { createMicrophoneController } from './microphone-controller.ts';

const dispatched: ConnectionEvent[] = [];
const frames: number[][] = [];
const lines: string[] = [];
const mics: FakeMicrophone[] = [];
const states: Array<string | null> = [];
const gaps: number[] = [];
let deviceId = 'desk';

beforeEach(() => {
  deviceId = 'desk';
  for (const list of [dispatched, frames, lines, mics, gaps, states]) list.length = 0;
});

function open() {
  return createMicrophoneController({
    openMicrophone(options) {
      const mic = new FakeMicrophone(options);
      mic.flushMs = 0;
      mics.push(mic);
      return mic;
    },
    deviceId: () => deviceId,
    channel: () => 0,
    log: (event, _fields, level) => lines.push(level === undefined ? event : `${event} (${level})`),
    onFrame: (pcm) => frames.push([...pcm]),
    onGap: (ms) => gaps.push(ms),
    onState: (state) => states.push(state?.status ?? null),
    dispatch: (event) => dispatched.push(event),
  });
}

function mic(index: number): FakeMicrophone {
  const found = mics[index];
  if (found === undefined) throw new Error('not opened');
  return found;
}

const waitForEvents = (count: number) => vi.waitUntil(() => dispatched.length >= count);

test('opens the currently chosen device, and dispatches by its number when audio arrives', async () => {
  const slot = open();
  deviceId = 'headset';
  slot.open(7);
  expect(mic(0).options.deviceId).toBe('headset');
  mic(0).allow();
  await waitForEvents(1);
  expect([dispatched, lines]).toEqual([[{ type: 'mic_live', mic: 7 }], ['MIC_OPENED']]);
});

test('frames are delivered from its opening, the last ones before it is reported as off', async () => {
  const slot = open();
  slot.open(1);
  mic(0).allow().frame(1);
  await waitForEvents(1);
  mic(0).tail = [2, 3];
  slot.stop(1);
  await waitForEvents(2);
  expect(frames).toEqual([[1], [2, 3]]);
  expect([dispatched.at(-1), lines.at(-1)]).toEqual([{ type: 'mic_stopped', mic: 1 }, 'MIC_CLOSED']);
});

test('gaps are reported, but not after another microphone was opened', () => {
  const slot = open();
  slot.open(1);
  mic(0).gap(3_000);
  slot.open(2);
  mic(0).gap(500);
  mic(1).gap(20);
  expect(gaps).toEqual([3_000, 20]);
});

test('frames of a stale microphone are ignored; its end is dispatched with its own number', () => {
  const slot = open();
  slot.open(1);
  slot.open(2);
  mic(0).frame(1);
  mic(1).frame(2);
  mic(0).unplug();
  expect(frames).toEqual([[2]]);
  expect(dispatched).toEqual([{ type: 'mic_ended', mic: 1 }]);
});

describe('H44 errors', () => {
  test.each(['mic_denied', 'mic_missing', 'mic_busy', 'mic_failed'] as const)(
    '%s is dispatched under its name',
    async (code) => {
      open().open(3);
      mic(0).fail(new EarshotError(code, 'No.'));
      await waitForEvents(1);
      expect(dispatched).toEqual([{ type: 'mic_failed', mic: 3, problem: code }]);
      expect(lines).toEqual(['WARNING (debug)']);
    },
  );

  test.each([
    new Error('odd'),
    new EarshotError('mic_new', 'x'),
    new EarshotError('server_full', 'x'),
    'text',
    undefined,
  ])('an unknown error (%s) is mic_failed', async (error) => {
    open().open(3);
    mic(0).fail(error);
    await waitForEvents(1);
    expect(dispatched).toEqual([{ type: 'mic_failed', mic: 3, problem: 'mic_failed' }]);
  });
});

test('H15 stopped during the prompt: dispatched once, after the user has answered, and not as a failure', async () => {
  const slot = open();
  slot.open(1);
  slot.stop(1);
  expect(dispatched).toEqual([]);
  mic(0).allow();
  await waitForEvents(1);
  expect([dispatched, lines]).toEqual([[{ type: 'mic_stopped', mic: 1 }], ['MIC_CLOSED']]);
});

test('stop without an open microphone has no effect', () => {
  open().stop(1);
  expect([dispatched, lines]).toEqual([[], []]);
});

test('states are reported after a null for the new microphone; a stale one reports nothing', async () => {
  const slot = open();
  slot.open(1);
  mics[0]?.setState('ok').setState('muted');
  slot.open(2);
  mics[0]?.setState('ok');
  mics[1]?.setState('ok');
  expect(states).toEqual([null, 'ok', 'muted', null, 'ok']);
});
