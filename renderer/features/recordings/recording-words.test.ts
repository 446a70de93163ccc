import { expect, test } from 'vitest';
import { recording } from '../../testing/fakes.ts';
import { gapWords, levelWords, savedWords } from './recording-words.ts';

test('says how long, how loud and what is missing', () => {
  expect(savedWords(recording())).toBe('Recording saved, 0:12');
  expect(levelWords(recording())).toBe('Peak −3.2 · RMS −21.4 dBFS');
  expect(gapWords(recording())).toBeNull();
  const gaps = [
    { at_s: 3, seconds: 0.3 },
    { at_s: 65, seconds: 1.2 },
  ];
  expect(gapWords(recording({ gaps: gaps.slice(1) }))).toBe('1.2 s missing at 1:05; it is silent there');
  expect(gapWords(recording({ gaps }))).toBe('1.5 s missing in 2 places; it is silent there');
});

test('a broken-off and a silent recording say so', () => {
  expect(savedWords(recording({ complete: false }))).toBe('Recording saved up to the break, 0:12');
  expect(levelWords(recording({ peak_dbfs: null, rms_dbfs: null }))).toContain('Silence only');
});
