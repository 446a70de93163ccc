import { expect, test } from 'vitest';
import { parseWav } from '../../main/recordings/wav.ts';
import { FRAME_SAMPLES, FRAMES_PER_SECOND, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { fakeClient, IDLE } from '../testing/fakes.ts';
import { createUnsavedAudioStore, holdsAudio } from './unsaved-audio-store.ts';

function setUp() {
  const voice = fakeClient();
  const saved: Array<{ blob: Blob; name: string }> = [];
  const store = createUnsavedAudioStore({
    client: voice.client,
    saveFile: (blob, name) => void saved.push({ blob, name }),
  });
  return { ...voice, store, saved };
}

/** `count` frames; all samples of a frame are its number, from `first` on. */
function frames(first: number, count: number): Int16Array[] {
  return Array.from({ length: count }, (_, i) => new Int16Array(FRAME_SAMPLES).fill(first + i));
}

/** The sample value of each frame. */
async function sampleValues(blob: Blob): Promise<number[]> {
  const { samples, sampleRate, channels, trailingBytes } = parseWav(new Uint8Array(await blob.arrayBuffer()));
  expect([sampleRate, channels, trailingBytes]).toEqual([SAMPLE_RATE, 1, 0]);
  return Array.from({ length: samples.length / FRAME_SAMPLES }, (_, i) => samples[i * FRAME_SAMPLES] ?? -1);
}

test('H59 undelivered audio is offered, and saved unchanged as a WAV file', async () => {
  const { store, emitUndelivered, saved } = setUp();
  expect(store.getState()).toEqual({ seconds: 0, cutShort: false, savedAs: null });
  emitUndelivered({ mic: 1, frames: [...frames(1, 20), null, null, ...frames(21, 3)] });
  expect(store.getState().seconds).toBe(0.5);
  store.save();
  const [file] = saved;
  expect([file?.name, file?.blob.type]).toEqual([store.getState().savedAs, 'audio/wav']);
  expect(file?.name).toMatch(/^earshot-audio-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.wav$/);
  expect(await sampleValues(file?.blob ?? new Blob())).toEqual([...Array(21).keys()].slice(1).concat(0, 0, 21, 22, 23));
});

test('a shorter frame and a view of a larger buffer are saved unchanged', async () => {
  const { store, emitUndelivered, saved } = setUp();
  const large = Int16Array.from({ length: 1_000 }, (_, i) => i);
  emitUndelivered({ mic: 1, frames: [...frames(7, 15), large.subarray(100, 140)] });
  store.save();
  const { samples } = parseWav(new Uint8Array((await saved[0]?.blob.arrayBuffer()) ?? new ArrayBuffer(0)));
  expect([...samples.slice(15 * FRAME_SAMPLES)]).toEqual([...large.slice(100, 140)]);
});

test('turns are saved in the order spoken, even if an earlier one is reported later', async () => {
  const { store, emitUndelivered, saved } = setUp();
  emitUndelivered({ mic: 2, frames: frames(200, 5) });
  emitUndelivered({ mic: 3, frames: frames(300, 5) });
  emitUndelivered({ mic: 1, frames: frames(100, 5) });
  emitUndelivered({ mic: 3, frames: frames(305, 1) });
  store.save();
  const expected = [...frames(100, 5), ...frames(200, 5), ...frames(300, 6)].map(([sample]) => sample);
  expect(await sampleValues(saved[0]?.blob ?? new Blob())).toEqual(expected);
});

test('less than 0.3 s is not offered until more audio is added', () => {
  const { store, emitUndelivered } = setUp();
  emitUndelivered({ mic: 1, frames: frames(0, 14) });
  expect(store.getState().seconds).toBe(0);
  emitUndelivered({ mic: 1, frames: frames(14, 1) });
  expect(store.getState().seconds).toBe(0.3);
});

test('only the last five minutes are kept, and the store says so', async () => {
  const { store, emitUndelivered, saved } = setUp();
  for (let mic = 1; mic <= 10; mic++) emitUndelivered({ mic, frames: frames(mic * 1_000, 31 * FRAMES_PER_SECOND) });
  expect(store.getState()).toMatchObject({ seconds: 300, cutShort: true });
  store.save();
  const names = await sampleValues(saved[0]?.blob ?? new Blob());
  expect([names.length, names[0], names.at(-1)]).toEqual([300 * FRAMES_PER_SECOND, 1_500, 11_549]);
});

test('audio added after saving is unsaved; after dismissal nothing is offered', () => {
  const { store, emitUndelivered, saved } = setUp();
  emitUndelivered({ mic: 1, frames: frames(0, 50) });
  store.save();
  store.save();
  expect(saved).toHaveLength(2);
  emitUndelivered({ mic: 2, frames: frames(0, 50) });
  expect(store.getState()).toMatchObject({ seconds: 2, savedAs: null });
  store.dismiss();
  expect(store.getState()).toEqual({ seconds: 0, cutShort: false, savedAs: null });
  emitUndelivered({ mic: 3, frames: frames(0, 50) });
  expect(store.getState().seconds).toBe(1);
});

test('H59 a page holds audio while it is offered, waits for a connection, or is being delivered', () => {
  const noAudio = { seconds: 0, cutShort: false, savedAs: null };
  const offered = { ...noAudio, seconds: 2 };
  expect(holdsAudio(IDLE, noAudio)).toBe(false);
  expect(holdsAudio(IDLE, offered)).toBe(true);
  expect(holdsAudio(IDLE, { ...offered, savedAs: 'a.wav' })).toBe(false);
  expect(holdsAudio({ ...IDLE, view: 'stopping', finishing: 1 }, noAudio)).toBe(true);
  expect(holdsAudio({ ...IDLE, view: 'reconnecting', micLive: true }, noAudio)).toBe(true);
  expect(holdsAudio({ ...IDLE, view: 'reconnecting', micLive: false }, noAudio)).toBe(false);
  expect(holdsAudio({ ...IDLE, view: 'listening', micLive: true }, noAudio)).toBe(false);
});

test('dispose unsubscribes', () => {
  const { store, emitUndelivered } = setUp();
  store.dispose();
  emitUndelivered({ mic: 1, frames: frames(0, 50) });
  expect(store.getState().seconds).toBe(0);
});
