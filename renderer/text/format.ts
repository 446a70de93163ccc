/**
 * Formats numbers and times for display, as the user's region writes them. A no-break space (U+00A0) keeps number and
 * unit on one line. `m:ss` is written alike everywhere, and so are the symbols of the units (SI), but for percentages.
 */

/** Formats numbers in one locale. */
interface NumberFormats {
  /** `4,567`. */
  count(count: number): string;
  /** Always with this many decimals: `0.3`. */
  decimal(value: number, digits: 1 | 2): string;
  /** At most one decimal: `14`, `10.4`. */
  short(value: number): string;
  /** A share in [0, 1] with at most one decimal: `14%`, `10.4%`. */
  share(share: number): string;
}

/** @param locale BCP 47 */
function createNumberFormats(locale: string): NumberFormats {
  const whole = new Intl.NumberFormat(locale);
  const decimals = {
    1: new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1, useGrouping: false }),
    2: new Intl.NumberFormat(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2, useGrouping: false }),
  };
  const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, useGrouping: false });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  return {
    count: (count) => whole.format(count),
    decimal: (value, digits) => decimals[digits].format(value),
    short: (value) => short.format(value),
    share: (share) => percent.format(share),
  };
}

let numbers = createNumberFormats('en-US');

/** Sets how numbers are written; `en-US` until then. Called by `setLanguage`. */
export function setNumberLocale(locale: string): void {
  numbers = createNumberFormats(locale);
}

/** 4567 -> `4,567`. */
export function formatCount(count: number): string {
  return numbers.count(count);
}

/** Seconds as `m:ss`, or `h:mm:ss` from one hour on. Fractions of a second are dropped. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const twoDigits = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const rest = `${twoDigits(whole % 60)}`;
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${twoDigits(minutes % 60)}:${rest}`;
}

/** A position in a recording with tenths of a second: `1:04.2`. */
export function formatPosition(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  // The decimal point of the locale, after a zero that is dropped.
  return `${formatClock(Math.floor(tenths / 10))}${numbers.decimal((tenths % 10) / 10, 1).slice(1)}`;
}

/** A number of bytes in the decimal unit that fits: `640 kB`, `12 MB`, `1.2 GB`. */
export function formatBytes(bytes: number): string {
  const [divisor, unit] = bytes >= 1e9 ? [1e9, 'GB'] : bytes >= 1e6 ? [1e6, 'MB'] : [1e3, 'kB'];
  const value = bytes / divisor;
  return `${value >= 10 || value === 0 ? formatCount(Math.round(value)) : numbers.short(value)}\u00a0${unit}`;
}

/** A recording's length as `m:ss`, rounded, at least `0:01` unless it is empty. */
export function formatLength(seconds: number): string {
  return seconds > 0 ? formatClock(Math.max(1, Math.round(seconds))) : '0:00';
}

/** Seconds with their unit: `12 s` from 10 s on, `0.3 s` below, `0.02 s` (one audio frame) below 0.1 s. */
export function formatSeconds(seconds: number): string {
  // The limits keep rounding from giving "10.0 s", "0.10 s" or "0.00 s".
  if (seconds >= 9.95) return `${Math.round(seconds)}\u00a0s`;
  if (seconds >= 0.095 || seconds <= 0) return `${numbers.decimal(seconds, 1)}\u00a0s`;
  return `${numbers.decimal(Math.max(0.01, seconds), 2)}\u00a0s`;
}

/** A duration in ms with its unit: `0.3 ms`, `41 ms`, and seconds from one second on. */
export function formatMs(ms: number): string {
  if (ms >= 999.5) return formatSeconds(ms / 1000);
  if (ms >= 9.95) return `${Math.round(ms)}\u00a0ms`;
  if (ms > 0 && ms < 0.05) return `<${numbers.decimal(0.1, 1)}\u00a0ms`;
  return `${numbers.short(ms)}\u00a0ms`;
}

/** A share in [0, 1] as a percentage with at most one decimal: `14%`, `10.4%`. */
export function formatShare(share: number): string {
  return numbers.share(share);
}

/** A level with one decimal and a minus sign (U+2212), which is as wide as a digit; null means digital silence. */
export function formatDbfs(dbfs: number | null): string {
  if (dbfs === null) return '−∞';
  // Rounding first keeps -0.04 from reading "−0.0".
  const tenths = Math.round(dbfs * 10) / 10;
  return `${tenths < 0 ? '−' : ''}${numbers.decimal(Math.abs(tenths), 1)}`;
}

/** A time (ms since the epoch) as local `HH:MM:SS.mmm`, as in the log's lines, which are the same in every locale. */
export function formatLogTime(time: number): string {
  const date = new Date(time);
  const pad = (n: number, width: number) => String(n).padStart(width, '0');
  return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}`;
}

/** A time (ms since the epoch) as local `HH:MM:SS`. */
export function formatSecond(time: number): string {
  return formatLogTime(time).slice(0, 8);
}

/** Characters of a session ID that are shown. */
const SHORT_ID_LENGTH = 8;

/** The first eight characters of a session ID. */
export function shortId(id: string): string {
  return id.length > SHORT_ID_LENGTH ? `${id.slice(0, SHORT_ID_LENGTH)}…` : id;
}

/** Capitalises the first letter. */
export function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
