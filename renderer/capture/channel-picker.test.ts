import { expect, test } from 'vitest';
import { ChannelPicker } from './channel-picker.ts';

const RATE = 48_000;
type Source = (n: number) => number;
const sine =
  (dbfs: number, frequency = 440): Source =>
  (n) =>
    10 ** (dbfs / 20) * Math.sin((2 * Math.PI * frequency * n) / RATE);
const zero: Source = () => 0;
const opposite =
  (source: Source): Source =>
  (n) =>
    -source(n);
const after =
  (seconds: number, before: Source, then: Source): Source =>
  (n) =>
    n < seconds * RATE ? before(n) : then(n);

/** The picker's output for these channels over a number of seconds, in chunks of `piece` samples. */
function pickFrom(sources: Source[], seconds: number, { chosen = 0, piece = 480 } = {}): Float64Array {
  const picker = new ChannelPicker(RATE, chosen);
  const output = new Float64Array(Math.floor((seconds * RATE) / piece) * piece);
  for (let at = 0; at < output.length; at += piece) {
    const channels = sources.map((source) => Float32Array.from({ length: piece }, (_, i) => source(at + i)));
    output.set(picker.pick(channels) ?? [], at);
  }
  return output;
}
/** RMS in dBFS of a section, given in seconds. */
function level(samples: Float64Array, from: number, to: number): number {
  const part = samples.subarray(from * RATE, to * RATE);
  return 10 * Math.log10(part.reduce((sum, x) => sum + x * x, 0) / part.length);
}
/** The largest difference between consecutive samples. */
const largestStep = (samples: Float64Array): number =>
  samples.reduce((largest, x, i) => Math.max(largest, Math.abs(x - (samples[i - 1] ?? x))), 0);

const VOICE = sine(-20);
const VOICE_RMS = -23.01;

test.each<[string, Source[]]>([
  ['the right one is silent', [VOICE, zero]],
  ['the left one is silent', [zero, VOICE]],
  ['they are in opposite phase', [VOICE, opposite(VOICE)]],
  ['both carry the same', [VOICE, VOICE]],
  ['the third of four carries it', [zero, zero, VOICE, zero]],
  ['the other one has a constant offset', [() => 0.5, VOICE]],
  ['the other one is an open input with noise of -60 dBFS', [sine(-60, 50), VOICE]],
])('H57 the output has the level of the voice from its first word on if %s', (_, sources) => {
  for (const piece of [128, 480, 1_024]) {
    const output = pickFrom(sources, 3, { piece });
    expect(level(output, 0.005, 0.1)).toBeCloseTo(VOICE_RMS, 0);
    expect(level(output, 0.2, 2.9)).toBeCloseTo(VOICE_RMS, 1);
  }
});

test.each([-70, -60])(
  'H57 the first word is complete after a second of noise of %i dBFS on the other channel',
  (dbfs) => {
    for (const piece of [128, 480, 1_024]) {
      const output = pickFrom([sine(dbfs, 60), after(1, sine(dbfs, 170), VOICE)], 2, { piece });
      expect(level(output, 1.03, 1.1)).toBeCloseTo(VOICE_RMS, 0);
      expect(level(output, 0.2, 0.9)).toBeCloseTo(dbfs - 3.01, 1);
    }
  },
);

test('H57 a click on the other channel does not cut the first word on either channel', () => {
  const click: Source = (n) => (n > RATE && n < 1.003 * RATE ? sine(0, 2_000)(n) : sine(-60, 170)(n));
  const output = pickFrom([after(1.5, sine(-60, 60), VOICE), click], 3);
  expect(level(output, 1.53, 1.6)).toBeCloseTo(VOICE_RMS, 0);
  expect(level(output, 1.6, 2.9)).toBeCloseTo(VOICE_RMS, 1);
});

test('H57 a change of channel makes no click', () => {
  // Changes from left to right after a second, in opposite phase.
  const output = pickFrom([after(1, VOICE, zero), after(1, zero, opposite(VOICE))], 3);
  expect(level(output, 1.5, 2.9)).toBeCloseTo(VOICE_RMS, 1);
  const ownStep = largestStep(pickFrom([VOICE], 1));
  // The source itself stops at one second, which is part of its signal.
  expect(largestStep(output.subarray(1.01 * RATE))).toBeLessThan(2 * ownStep);
});

test('H57 a voice with pauses keeps its channel, whatever noise an open input has', () => {
  const speech: Source = (n) => (n % (4 * RATE) < 2 * RATE ? VOICE(n) : 0);
  const output = pickFrom([speech, sine(-62, 50)], 16);
  for (let at = 0; at < 16; at += 4) {
    // From the first chunk of each word on; silence in its channel is silence in the recording.
    expect(level(output, at + 0.01, at + 0.2)).toBeCloseTo(VOICE_RMS, 0);
    expect(level(output, at + 2.1, at + 3.9)).toBe(Number.NEGATIVE_INFINITY);
  }
});

test('H57 a channel that is unplugged during the turn is replaced by the other one within 400 ms', () => {
  const output = pickFrom([after(2, VOICE, zero), VOICE], 4);
  expect(level(output, 2.4, 3.9)).toBeCloseTo(VOICE_RMS, 1);
});

test('H57 channels that alternate within 3 dB do not cause a change', () => {
  const wave =
    (phase: number): Source =>
    (n) =>
      VOICE(n) * (1 + 0.15 * Math.sin((2 * Math.PI * n) / RATE + phase));
  const left = pickFrom([wave(0), wave(Math.PI)], 5);
  const alone = pickFrom([wave(0)], 5);
  expect(left).toEqual(alone);
});

test('H57 a click in the other channel has no effect', () => {
  const click: Source = (n) => (n > RATE && n < RATE + 900 ? (n % 2) - 0.5 : 0);
  expect(pickFrom([VOICE, click], 3)).toEqual(pickFrom([VOICE], 3));
});

test('H57 the chosen channel is used whatever the others carry; if it does not exist, the channel is selected automatically', () => {
  expect(level(pickFrom([VOICE, zero], 1, { chosen: 2 }), 0, 1)).toBe(Number.NEGATIVE_INFINITY);
  expect(level(pickFrom([VOICE, zero], 1, { chosen: 1 }), 0, 1)).toBeCloseTo(VOICE_RMS, 1);
  expect(level(pickFrom([zero, VOICE], 1, { chosen: 7 }), 0.01, 1)).toBeCloseTo(VOICE_RMS, 0);
  expect(level(pickFrom([VOICE], 1, { chosen: 2 }), 0, 1)).toBeCloseTo(VOICE_RMS, 1);
});

test('NaN values do not affect the selection', () => {
  const output = pickFrom([(n) => (n < 100 ? Number.NaN : 0), VOICE], 1);
  expect(level(output, 0.02, 0.9)).toBeCloseTo(VOICE_RMS, 0);
});

test('no channels give no output', () => {
  expect(new ChannelPicker(RATE, 0).pick([])).toBeUndefined();
});
