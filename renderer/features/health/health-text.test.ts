import { describe, expect, test } from 'vitest';
import { ESTABLISHMENT_BOUNDS_MS } from '../../../shared/health.ts';
import { healthOf } from '../../testing/fakes.ts';
import { barsOf, missingFramesText, resumedText, warningShare, warningText, windowText } from './health-text.ts';

const { recent, totals } = healthOf();

describe('health text', () => {
  test('names the connections covered', () => {
    expect(windowText({ ...recent, connections: 1 })).toBe('Last connection');
    expect(windowText({ ...recent, connections: 37 })).toBe('Last 37 connections');
  });

  test('a warning has its percentage, with a decimal where whole percents would equal the limit', () => {
    const bad = { ...recent, connections: 67, retry_rate: 7 / 67 };
    expect(warningShare(bad)).toBe(', 10.4%');
    expect(warningText()).toContain('above 10%');
    expect(warningShare({ ...bad, retry_rate: null })).toBe('');
  });

  test('each bar has its range as text and its height relative to the highest', () => {
    const histogram = [...ESTABLISHMENT_BOUNDS_MS, null].map((up_to_ms, i) => ({ up_to_ms, count: [8, 4][i] ?? 0 }));
    const bars = barsOf(histogram);
    expect(bars.slice(0, 3)).toEqual([
      { mark: '1', range: 'up to 1\u00a0ms', count: 8, share: 1 },
      { mark: '2', range: 'over 1\u00a0ms, up to 2\u00a0ms', count: 4, share: 0.5 },
      { mark: '5', range: 'over 2\u00a0ms, up to 5\u00a0ms', count: 0, share: 0 },
    ]);
    expect(bars.slice(-3).map(({ mark }) => mark)).toEqual(['500', '1\u00a0s', 'more']);
    expect(bars.at(-1)).toEqual({ mark: 'more', range: 'over 1.0\u00a0s', count: 0, share: 0 });
  });

  test('the bars of an empty histogram have height 0', () => {
    expect(barsOf([{ up_to_ms: 1, count: 0 }])[0]?.share).toBe(0);
    expect(barsOf([])).toEqual([]);
  });

  test('lost connections are given with the number resumed, missing frames with their duration', () => {
    expect(resumedText({ ...totals, resumed: 0, expired: 0 })).toBe('none was lost');
    expect(resumedText({ ...totals, resumed: 12, expired: 1 })).toBe('12 of 13');
    expect(missingFramesText({ ...totals, missing: 0 })).toBe('0');
    expect(missingFramesText({ ...totals, missing: 1_234 })).toBe('1,234 (25\u00a0s)');
  });
});
