import { expect, test } from 'vitest';
import { SAMPLE_RATE } from '../../shared/audio-format.ts';
import { CaptureClock } from './capture-clock.ts';
import { CaptureProcessor } from './capture-processor.ts';

const RATE = 48_000;
const CHUNK = 480;
const HOUR_S = 3_600;

/**
 * Arrival times (ms) of 10 ms chunks from a clock that is fast by `ppm`, late by up to `jitterMs`.
 */
function* arrivals(ppm: number, seconds: number, jitterMs: number): Generator<number> {
  const chunkMs = 10 / (1 + ppm / 1e6);
  let state = 1;
  for (let i = 1; i * chunkMs <= seconds * 1_000; i++) {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff;
    yield i * chunkMs + (state / 0x7fff_ffff) * jitterMs;
  }
}

test.each([100, -100, 500, -500, 2_000, -2_000])(
  'H64 an hour of a clock that drifts by %i ppm: every chunk is kept, and no gap is found',
  (ppm) => {
    for (const jitterMs of [0, 60]) {
      const clock = new CaptureClock(RATE);
      const counts = { keep: 0, gap: 0, drop: 0 };
      let last = 0;
      for (const at of arrivals(ppm, HOUR_S, jitterMs)) {
        last = Math.max(last, at);
        counts[clock.addQuantum(CHUNK, last)]++;
      }
      expect(counts).toMatchObject({ gap: 0, drop: 0 });
      expect(Math.abs(counts.keep - HOUR_S * 100 * (1 + ppm / 1e6))).toBeLessThanOrEqual(1);
      expect(clock.end(last)).toBe(0);
    }
  },
);

test.each([500, -500, 2_000, -2_000])(
  'H64 audio of a clock that drifts by %i ppm contains every captured sample once and in order',
  (ppm) => {
    const samples: number[] = [];
    const gaps: number[] = [];
    const processor = new CaptureProcessor(
      SAMPLE_RATE,
      (frame) => samples.push(...frame),
      (ms) => gaps.push(ms),
    );
    let n = 0;
    let last = 0;
    for (const at of arrivals(ppm, 60, 20)) {
      last = Math.max(last, at);
      processor.process([Float32Array.from({ length: SAMPLE_RATE / 100 }, () => (n++ % 30_000) / 32_768)], last);
    }
    processor.flush(last);
    expect(gaps).toEqual([]);
    expect(samples).toEqual(Array.from({ length: n }, (_, i) => i % 30_000));
  },
);

test('H64 audio lost while the clock drifts is detected, with its length', () => {
  for (const ppm of [500, -500]) {
    const clock = new CaptureClock(RATE);
    const gaps: number[] = [];
    let last = 0;
    for (const at of arrivals(ppm, 120, 20)) {
      // A second in the middle is missing.
      if (at > 60_000 && at < 61_000) continue;
      last = Math.max(last, at);
      if (clock.addQuantum(CHUNK, last) === 'gap') gaps.push(clock.gapMs);
    }
    expect(gaps).toHaveLength(1);
    expect(Math.abs((gaps[0] ?? 0) - 1_000)).toBeLessThan(250);
  }
});
