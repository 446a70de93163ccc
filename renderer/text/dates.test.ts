import { expect, test } from 'vitest';
import { createDateFormats } from './dates.ts';

const NOW = new Date(2026, 10, 27, 12);
/** Node separates the time from AM and PM by a narrow no-break space. */
const plain = (words: string) => words.replaceAll('\u202f', ' ');

test('today and yesterday are named, by the calendar and not by 24 hours', () => {
  const { day } = createDateFormats('en-US');
  expect(day(new Date(2026, 10, 27, 0, 0), NOW)).toBe('Today');
  expect(day(new Date(2026, 10, 26, 23, 59), NOW)).toBe('Yesterday');
  expect(day(new Date(2026, 10, 26, 0, 0), NOW)).toBe('Yesterday');
  expect(day(new Date(2026, 10, 25, 23, 59), NOW)).toBe('Wednesday, November 25');
  expect(day(new Date(2026, 10, 28, 0, 0), NOW)).toBe('Saturday, November 28');
});

test('the year is given where it is another one', () => {
  const { day, short } = createDateFormats('en-US');
  expect(day(new Date(2025, 11, 31), NOW)).toBe('Wednesday, December 31, 2025');
  expect(plain(short(new Date(2026, 0, 2, 3, 4), NOW))).toBe('Jan 2, 3:04 AM');
  expect(plain(short(new Date(2025, 0, 2, 3, 4), NOW))).toBe('Jan 2, 2025, 3:04 AM');
});

test('each locale has its own format', () => {
  const date = new Date(2026, 10, 27, 19, 41);
  expect(plain(createDateFormats('en-US').time(date))).toBe('7:41 PM');
  expect(createDateFormats('en-GB').time(date)).toBe('19:41');
  // The comma after the day depends on the version of ICU.
  expect(createDateFormats('en-GB').fullDay(date)).toMatch(/^Friday,? 27 November 2026$/);
});

test('in a clock of 24 hours, the hour has two digits everywhere', () => {
  const date = new Date(2026, 10, 27, 9, 5);
  const { time, short, long } = createDateFormats('de-DE');
  expect([time(date), short(date, NOW), long(date)]).toEqual([
    '09:05',
    '27. Nov., 09:05',
    'Freitag, 27. November 2026 um 09:05',
  ]);
  expect(plain(createDateFormats('en-US').time(date))).toBe('9:05 AM');
});

test('a date that is none does not stop the list', () => {
  const formats = createDateFormats('en-US');
  const none = new Date('no date');
  expect([formats.time(none), formats.day(none, NOW), formats.short(none, NOW), formats.long(none)]).toEqual(
    Array(4).fill('–'),
  );
});
