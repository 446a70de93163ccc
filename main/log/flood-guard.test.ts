import { expect, test } from 'vitest';
import { createFloodGuard } from './flood-guard.ts';

test('admits so many a second, counts the rest, and reports it once a second', () => {
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

test('a clock set back starts a new second instead of shutting everyone out', () => {
  const guard = createFloodGuard(1);
  expect(guard.admits(1_000_000)).toBe(true);
  expect(guard.admits(1_000_001)).toBe(false);
  expect(guard.report(1_000_001)).toBe(1);
  expect(guard.admits(5)).toBe(true);
  guard.refuse();
  expect(guard.report(6)).toBe(1);
});
