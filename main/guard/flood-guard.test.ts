import { expect, test } from 'vitest';
import { createFloodGuard } from './flood-guard.ts';

test('allows a number of events per second, counts the rest, and reports it once a second', () => {
  const guard = createFloodGuard(3);
  const admitted = (now: number, tries: number) =>
    Array.from({ length: tries }, () => guard.admits(now)).filter(Boolean).length;

  expect(admitted(0, 3)).toBe(3);
  expect(guard.hasReport).toBe(false);
  expect(admitted(999, 4)).toBe(0);
  expect(guard.hasReport).toBe(true);
  expect(guard.report(999)).toBe(4);
  expect(guard.hasReport).toBe(false);

  expect(admitted(1_000, 5)).toBe(3);
  guard.refuse();
  expect(guard.report(1_998)).toBe(0);
  expect(guard.hasReport).toBe(true);
  expect(guard.report(1_999)).toBe(3);
});
