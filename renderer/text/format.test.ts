import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatClock,
  formatCount,
  formatDbfs,
  formatLength,
  formatLogTime,
  formatMs,
  formatPosition,
  formatSeconds,
  formatShare,
  shortId,
} from './format.ts';

describe('format', () => {
  test('a clock drops fractions of a second and shows hours from one hour on', () => {
    expect([0, 0.99, 9, 61.5, 3599, 3600, 7325].map(formatClock)).toEqual([
      '0:00',
      '0:00',
      '0:09',
      '1:01',
      '59:59',
      '1:00:00',
      '2:02:05',
    ]);
    expect(formatClock(-3)).toBe('0:00');
  });

  test('a very short recording is not shown as 0:00', () => {
    expect([0, 0.02, 1.4, 12.5].map(formatLength)).toEqual(['0:00', '0:01', '0:01', '0:13']);
  });

  test('a position has tenths of a second, rounded', () => {
    expect([0, 0.04, 0.06, 59.96, 64.2, 3600].map(formatPosition)).toEqual([
      '0:00.0',
      '0:00.0',
      '0:00.1',
      '1:00.0',
      '1:04.2',
      '1:00:00.0',
    ]);
  });

  test('sizes have the unit that fits', () => {
    expect([0, 640_000, 1_240_000, 12_000_000, 1_000_000_000].map(formatBytes)).toEqual([
      '0\u00a0kB',
      '640\u00a0kB',
      '1.2\u00a0MB',
      '12\u00a0MB',
      '1\u00a0GB',
    ]);
  });

  test('levels have a minus sign (U+2212), silence is −∞, and there is no minus zero', () => {
    expect([-18.44, -0.04, 0, null].map(formatDbfs)).toEqual(['−18.4', '0.0', '0.0', '−∞']);
  });

  test('seconds have no decimal from 10 s on', () => {
    expect([0.3, 9.94, 9.96, 12.4].map(formatSeconds)).toEqual(['0.3\u00a0s', '9.9\u00a0s', '10\u00a0s', '12\u00a0s']);
  });

  test('one lost frame is shown as 0.02 s, and nothing above 0 as 0.0 s', () => {
    expect([0, 0.001, 0.02, 0.06, 0.096].map(formatSeconds)).toEqual([
      '0.0\u00a0s',
      '0.01\u00a0s',
      '0.02\u00a0s',
      '0.06\u00a0s',
      '0.1\u00a0s',
    ]);
  });

  test('durations go from tenths of a millisecond to seconds', () => {
    expect([0, 0.02, 0.3, 1, 9.94, 9.96, 310.4, 999.4, 999.6, 12_300].map(formatMs)).toEqual([
      '0\u00a0ms',
      '<0.1\u00a0ms',
      '0.3\u00a0ms',
      '1\u00a0ms',
      '9.9\u00a0ms',
      '10\u00a0ms',
      '310\u00a0ms',
      '999\u00a0ms',
      '1.0\u00a0s',
      '12\u00a0s',
    ]);
  });

  test('a percentage has at most one decimal', () => {
    expect([0, 0.1, 7 / 67, 0.98, 1].map(formatShare)).toEqual(['0%', '10%', '10.4%', '98%', '100%']);
  });

  test('log times are local, with truncated milliseconds', () => {
    expect(formatLogTime(new Date(2026, 0, 2, 3, 4, 5, 6).getTime() + 0.9)).toBe('03:04:05.006');
  });

  test('counts are grouped, and long IDs are cut', () => {
    expect(formatCount(4567)).toBe('4,567');
    expect(shortId('0123456789abcdef')).toBe('01234567…');
    expect(shortId('short')).toBe('short');
  });
});
