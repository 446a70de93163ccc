import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PauseList } from './pause-list.ts';

test('without a pause there is no field', () => {
  expect(new PauseList().facts).toEqual({});
});

test('pauses are listed in seconds of the recording, in order', () => {
  const list = new PauseList();
  list.add(32_000, 3);
  list.add(16_000, 1.5);
  expect(list.facts).toEqual({
    pauses: [
      { at_s: 1, seconds: 1.5 },
      { at_s: 2, seconds: 3 },
    ],
  });
});

test('a pause is listed once it has ended', () => {
  const list = new PauseList();
  list.add(16_000, null);
  expect(list.facts).toEqual({});
  list.add(16_000, 4);
  expect(list.facts).toEqual({ pauses: [{ at_s: 1, seconds: 4 }] });
});

test('a sender that pauses without end gets a list of limited length, with the total of all pauses', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000 }), (count) => {
      const list = new PauseList();
      for (let i = 0; i < count; i++) {
        list.add(i * 320, null);
        list.add(i * 320, 2);
      }
      const pauses = list.facts.pauses ?? [];
      expect(pauses.length).toBe(Math.min(count, 200));
      expect(pauses.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(count * 2);
    }),
  );
});
