import { expect, test } from 'vitest';
import { barsPath } from './waveform.tsx';

test('each peak is a bar around the middle line, and silence is a thin one', () => {
  expect(barsPath([])).toBe('');
  expect(barsPath([255])).toBe('M0.19 0h0.62v64h-0.62z');
  expect(barsPath([0, 255])).toBe('M0.19 31h0.62v2h-0.62zM1.19 0h0.62v64h-0.62z');
});
