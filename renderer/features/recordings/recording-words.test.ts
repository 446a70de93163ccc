import { expect, test } from 'vitest';
import { recording } from '../../testing/fakes.ts';
import { endWords, gapWords, levelWords, missingWords, savedWords } from './recording-words.ts';

test('says how long, how loud and what is missing', () => {
  expect(savedWords(recording())).toBe('Recording saved, 0:12');
  expect(levelWords(recording())).toBe('Peak −3.2 · RMS −21.4 dBFS');
  expect(gapWords(recording())).toBeNull();
  const gaps = [
    { at_s: 3, seconds: 0.3 },
    { at_s: 65, seconds: 1.2 },
  ];
  expect(gapWords(recording({ gaps: gaps.slice(1) }))).toBe('1.2\u00a0s missing at 1:05; it is silent there');
  expect(gapWords(recording({ gaps }))).toBe('1.5\u00a0s missing in 2 places; it is silent there');
});

test('in a list the seconds that are missing are enough, down to one frame', () => {
  expect(missingWords(recording())).toBeNull();
  expect(missingWords(recording({ gaps: [{ at_s: 3, seconds: 0.4 }] }))).toBe('0.4\u00a0s missing');
  expect(missingWords(recording({ gaps: [{ at_s: 3, seconds: 0.02 }] }))).toBe('0.02\u00a0s missing');
  const gaps = Array.from({ length: 10 }, (_, i) => ({ at_s: i, seconds: 0.1 }));
  expect(missingWords(recording({ gaps }))).toBe('1.0\u00a0s missing');
});

test('an unfinished recording is cut short, but not one that is still being written in some window', () => {
  const started = Date.parse('2026-11-22T19:41:00Z');
  const unfinished = recording({ complete: false, started_at: new Date(started).toISOString(), duration_s: 30 });
  expect(endWords(unfinished, started + 31_000)).toBeNull();
  expect(endWords(unfinished, started + 60_000)?.mark).toBe('cut short');
  expect(endWords({ ...unfinished, complete: true }, started + 60_000)).toBeNull();
  expect(endWords({ ...unfinished, repaired: true }, started + 31_000)?.mark).toBe('cut short');
});

test('a silent recording says so', () => {
  expect(levelWords(recording({ peak_dbfs: null, rms_dbfs: null }))).toContain('Silence only');
});

test('a recording that ended early says why, and one whose description was lost is not called cut short', () => {
  const at = Date.now();
  expect(endWords({ ...recording(), complete: false, repaired: true, ended_early: 'disk_full' }, at)?.mark).toBe(
    'disk full',
  );
  expect(endWords({ ...recording(), complete: false, ended_early: 'recording_too_long' }, at)?.sentence).toContain(
    'recording_too_long',
  );
  expect(endWords({ ...recording(), rebuilt: true }, at)?.mark).toBe('details lost');
  expect(endWords(recording(), at)).toBeNull();
});
