import { expect, test } from 'vitest';
import { FrameJoiner } from './frame-joiner.ts';

function joint() {
  const out: string[] = [];
  let at = 0;
  const made = new FrameJoiner(
    (pcm) => out.push(`${pcm.length}`),
    (ms) => out.push(`gap ${ms}`),
    () => at,
  );
  const push = (time: number, samples = 320, last = false) => {
    at = time;
    made.push(new Int16Array(samples), last);
  };
  return { made, out, push };
}

test('within one device no gap is reported, however late its frames are', () => {
  const { out, push } = joint();
  push(0);
  push(900);
  expect(out).toEqual(['320', '320']);
});

test('time without a frame between two devices is a gap, unless it is within the tolerance', () => {
  const { made, out, push } = joint();
  push(0);
  made.begin(0);
  push(520);
  made.begin(150);
  push(690);
  made.begin(150);
  push(861);
  expect(out).toEqual(['320', 'gap 500', '320', '320', 'gap 151', '320']);
});

test('gaps and late frames of the previous device are not reported again', () => {
  const { made, out, push } = joint();
  push(0);
  made.gap(9_000);
  made.begin(0);
  push(9_520);
  expect(out).toEqual(['320', 'gap 500', '320']);
  made.begin(0);
  made.push(new Int16Array(320), false, true);
  expect(out.slice(3)).toEqual(['320']);
});

test('before the very first frame there is no gap', () => {
  const { made, out, push } = joint();
  made.begin(0);
  push(5_000);
  expect(out).toEqual(['320']);
});

test('the last frame of a device is padded with silence, the last one of the turn is not', () => {
  const { out, push } = joint();
  push(0, 7);
  push(20, 7, true);
  expect(out).toEqual(['320', '7']);
});
