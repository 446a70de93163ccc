import { expect, test } from 'vitest';
import { FrameJoiner } from './frame-joiner.ts';

function setUp() {
  const out: string[] = [];
  let at = 0;
  const joiner = new FrameJoiner(
    (pcm) => out.push(`${pcm.length}`),
    (ms) => out.push(`gap ${ms}`),
    () => at,
  );
  const push = (time: number, samples = 320, last = false) => {
    at = time;
    joiner.push(new Int16Array(samples), last);
  };
  return { made: joiner, out, push };
}

test('within one device no gap is reported, however late its frames are', () => {
  const { out, push } = setUp();
  push(0);
  push(900);
  expect(out).toEqual(['320', '320']);
});

test('time without a frame between two devices is a gap, unless it is within the tolerance', () => {
  const { made: joiner, out, push } = setUp();
  push(0);
  joiner.begin(0);
  push(520);
  joiner.begin(150);
  push(690);
  joiner.begin(150);
  push(861);
  expect(out).toEqual(['320', 'gap 500', '320', '320', 'gap 151', '320']);
});

test('gaps and late frames of the previous device are not reported again', () => {
  const { made: joiner, out, push } = setUp();
  push(0);
  joiner.gap(9_000);
  joiner.begin(0);
  push(9_520);
  expect(out).toEqual(['320', 'gap 500', '320']);
  joiner.begin(0);
  joiner.push(new Int16Array(320), false, true);
  expect(out.slice(3)).toEqual(['320']);
});

test('before the very first frame there is no gap', () => {
  const { made: joiner, out, push } = setUp();
  joiner.begin(0);
  push(5_000);
  expect(out).toEqual(['320']);
});

test('the last frame of a device is padded with silence, the last one of the turn is not', () => {
  const { out, push } = setUp();
  push(0, 7);
  push(20, 7, true);
  expect(out).toEqual(['320', '7']);
});
