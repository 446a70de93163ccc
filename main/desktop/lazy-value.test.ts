import { createRequire } from 'node:module';
import { expect, test, vi } from 'vitest';
import { Lazy } from './lazy-value.ts';

const requireHere = createRequire(import.meta.url);
const requireAsUpdater = createRequire(requireHere.resolve('electron-updater'));
const theirs: { Lazy: typeof Lazy } = requireAsUpdater('lazy-val');

test.each([
  ['our own', Lazy],
  ['the replaced package', theirs.Lazy],
])('%s creates its value once, at the first access, unless it was set', (_whose, Kind) => {
  const make = vi.fn(() => ({ made: true }));
  const lazy = new Kind(make);
  expect([lazy.hasValue, make.mock.calls.length]).toEqual([false, 0]);
  expect(lazy.value).toBe(lazy.value);
  expect([lazy.hasValue, make.mock.calls.length]).toEqual([true, 1]);
  const given = new Kind(make);
  given.value = { made: false };
  expect([given.value, given.hasValue, make.mock.calls.length]).toEqual([{ made: false }, true, 1]);
});

test('the class has every member of the package `lazy-val`', () => {
  expect(Object.getOwnPropertyNames(Lazy.prototype).sort()).toEqual(
    Object.getOwnPropertyNames(theirs.Lazy.prototype).sort(),
  );
});
