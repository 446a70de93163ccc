import { expect, test } from 'vitest';
import { SignalWatch } from './signal-watch.ts';

type Source = (n: number) => number;
/** Deterministic random numbers, -1..1. */
function noise(): () => number {
  let state = 12_345;
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    return state / 0x4000_0000 - 1;
  };
}
/** Noise with an RMS level in dBFS: uniform noise has a third of its peak power. */
function noiseAt(dbfs: number): Source {
  const next = noise();
  const peak = 32_768 * 10 ** (dbfs / 20) * Math.sqrt(3);
  return () => Math.round(next() * peak);
}
const speech: Source = (n) => Math.round(3_000 * Math.sin((2 * Math.PI * 200 * n) / 16_000));
const zero: Source = () => 0;

let n = 0;
/** Processes seconds of audio. @returns the changes of the status, each with its time in seconds */
function push(watch: SignalWatch, seconds: number, source: Source): string[] {
  const changes: string[] = [];
  for (let frame = 0; frame < seconds * 50; frame++) {
    const before = watch.status;
    const after = watch.push(Int16Array.from({ length: 320 }, () => source(n++)));
    if (after !== before) changes.push(`${after} ${(frame / 50).toFixed(1)}`);
  }
  return changes;
}

const oneStep = noise();
test.each<[string, Source, string]>([
  ['digital zero', zero, 'silent 3.0'],
  ['one step of noise', () => Math.round(oneStep()), 'silent 3.0'],
  ['a constant offset', () => 1_200, 'silent 3.0'],
  ['a noise floor of -84 dBFS', noiseAt(-84), 'noise 3.0'],
  [
    'a noise floor of -76 dBFS on an offset',
    (
      (floor) => (at) =>
        900 + floor(at)
    )(noiseAt(-76)),
    'noise 3.0',
  ],
])('H54 %s from the start is reported after 3 s, and cleared by the first word', (_, source, expected) => {
  const watch = new SignalWatch();
  const [first, ...more] = push(watch, 10, source);
  expect(Math.abs(Number(first?.split(' ')[1]) - 3)).toBeLessThan(0.05);
  expect(first?.split(' ')[0]).toBe(expected.split(' ')[0]);
  expect(more).toEqual([]);
  expect(push(watch, 1, speech)).toEqual(['ok 0.1']);
});

test.each([-60, -65, -70])(
  'H54 a quiet room of %i dBFS is not reported as noise, however long the user is silent',
  (dbfs) => {
    expect(push(new SignalWatch(), 120, noiseAt(dbfs))).toEqual([]);
  },
);

test('H54 a user who has spoken may pause for 14 s, also with a noise gate that gives digital silence', () => {
  const watch = new SignalWatch();
  for (const pause of [zero, noiseAt(-84), zero]) {
    expect(push(watch, 2, speech)).toEqual([]);
    expect(push(watch, 14, pause)).toEqual([]);
  }
  expect(push(watch, 2, zero)).toEqual(['silent 1.0']);
  expect(push(watch, 1, speech)).toEqual(['ok 0.1']);
});

test('H54 a click is not sound: it neither withdraws the warning nor counts as speech', () => {
  const watch = new SignalWatch();
  push(watch, 4, zero);
  expect(watch.status).toBe('silent');
  push(watch, 0.06, speech);
  expect(watch.status).toBe('silent');
  push(watch, 4, noiseAt(-84));
  expect(watch.status).toBe('noise');
});

test('H54 a faint frame at the start of a word, or a click, does not turn silence into noise', () => {
  const watch = new SignalWatch();
  expect(push(watch, 0.1, speech)).toEqual([]);
  push(watch, 0.1, noiseAt(-80));
  expect(push(watch, 16, zero)).toEqual(['silent 14.9']);
  expect(push(watch, 0.04, noiseAt(-80))).toEqual([]);
  expect(push(watch, 1, speech)).toEqual(['ok 0.1']);
});

test('counting restarts after a microphone was muted', () => {
  const watch = new SignalWatch();
  push(watch, 4, zero);
  watch.restart();
  expect(watch.status).toBe('ok');
  expect(push(watch, 2.9, zero)).toEqual([]);
});
