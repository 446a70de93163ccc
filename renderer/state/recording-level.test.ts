import { expect, test } from 'vitest';
import { CLIPPED_FROM_DBFS, levelWord, QUIET_BELOW_DBFS } from './recording-level.ts';

test.each([
  [null, 'silent'],
  [-90, 'quiet'],
  [QUIET_BELOW_DBFS - 0.01, 'quiet'],
  [QUIET_BELOW_DBFS, 'good'],
  [-3.2, 'good'],
  [CLIPPED_FROM_DBFS - 0.01, 'good'],
  [CLIPPED_FROM_DBFS, 'clipped'],
  [0, 'clipped'],
])('a peak of %s dBFS is %s', (peak_dbfs, word) => {
  expect(levelWord({ peak_dbfs })).toBe(word);
});

test('the largest 16-bit sample is clipped', () => {
  expect(levelWord({ peak_dbfs: 20 * Math.log10(32_767 / 32_768) })).toBe('clipped');
});
