import { expect, test } from 'vitest';
import { addLevel, emptyLevel } from '../../shared/level.ts';
import { micVerdict } from './mic-verdict.ts';

/** The level of one second of a tone of this peak (dBFS). */
function tone(dbfs: number) {
  const level = emptyLevel();
  const peak = 32_767 * 10 ** (dbfs / 20);
  addLevel(
    level,
    Int16Array.from({ length: 16_000 }, (_, n) => Math.round(peak * Math.sin((2 * Math.PI * 997 * n) / 16_000))),
  );
  return level;
}

test.each([
  [-12, 'good'],
  [-40, 'quiet'],
  [0, 'clipped'],
  [-80, 'silent'],
] as const)('a tone with a peak of %i dBFS is %s', (dbfs, word) => {
  expect(micVerdict(tone(dbfs), 'ok')).toBe(word);
});

test('nothing, or a click in silence, is silent', () => {
  expect(micVerdict(emptyLevel(), 'ok')).toBe('silent');
  const click = emptyLevel();
  addLevel(click, new Int16Array(48_000));
  click.peak = 1_000;
  click.sumOfSquares = 1_000 ** 2;
  expect(micVerdict(click, 'ok')).toBe('silent');
});

test.each(['muted', 'stalled', 'silent', 'noise'] as const)('a microphone that is %s is silent', (status) => {
  expect(micVerdict(tone(-12), status)).toBe('silent');
});
