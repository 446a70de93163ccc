import { capital } from './format.ts';

/** How dates and times are written, in the local time zone. An invalid date is `–`. */
export interface DateFormats {
  /** `7:41 PM`. */
  time(date: Date): string;
  /** `Today`, `Yesterday`, otherwise the day; with the year if it is not the current one. */
  day(date: Date, now: Date): string;
  /** `Nov 27, 7:41 PM`; with the year if it is not the current one. */
  short(date: Date, now: Date): string;
  /** `Friday, November 27, 2026 at 7:41 PM`. */
  long(date: Date): string;
  /** `Friday, November 27, 2026`. */
  fullDay(date: Date): string;
}

const DAY_MS = 24 * 60 * 60_000;

/** @param locale BCP 47 */
export function createDateFormats(locale: string): DateFormats {
  const format = (options: Intl.DateTimeFormatOptions) => {
    const formatter = new Intl.DateTimeFormat(locale, options);
    return { format: (date: Date) => (Number.isNaN(date.getTime()) ? '–' : formatter.format(date)) };
  };
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  // As in `timeStyle: 'short'`, which can't be combined with single parts of a date: `7:41 PM`, but `07:41`.
  const isOf24Hours = new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hourCycle === 'h23';
  const clock = { hour: isOf24Hours ? '2-digit' : 'numeric', minute: '2-digit' } as const;
  const time = format(clock);
  const thisYear = format({ weekday: 'long', month: 'long', day: 'numeric' });
  const otherYear = format({ weekday: 'long', month: 'long', day: 'numeric', year: 'numeric' });
  const shortThisYear = format({ month: 'short', day: 'numeric', ...clock });
  const shortOtherYear = format({ month: 'short', day: 'numeric', year: 'numeric', ...clock });
  const long = format({ dateStyle: 'full', timeStyle: 'short' });
  const fullDay = format({ dateStyle: 'full' });
  const isThisYear = (of: Date, now: Date) => of.getFullYear() === now.getFullYear();
  return {
    time: (of) => time.format(of),
    day(of, now) {
      const days = Math.round((startOfDay(of) - startOfDay(now)) / DAY_MS);
      if (days === 0 || days === -1) return capital(relative.format(days, 'day'));
      return (isThisYear(of, now) ? thisYear : otherYear).format(of);
    },
    short: (of, now) => (isThisYear(of, now) ? shortThisYear : shortOtherYear).format(of),
    long: (of) => long.format(of),
    fullDay: (of) => fullDay.format(of),
  };
}

/** Midnight of the day, in ms since the epoch. Days differ by 23 to 25 hours, so round the quotient of two of them. */
function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}

/** Dates as the user's region writes them; `en-US` until `setLanguage` was called. */
export let dates = createDateFormats('en-US');

/** Called by `setLanguage`. */
export function setDateLocale(locale: string): void {
  dates = createDateFormats(locale);
}
