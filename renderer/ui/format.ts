/**
 * Numbers as people read them. All pure; the words are English whatever the machine's language is. A no-break space
 * (U+00A0) holds number and unit on one line.
 */

const counts = new Intl.NumberFormat('en-US');

/** 4567 -> `4,567`. */
export function formatCount(count: number): string {
  return counts.format(count);
}

/** Seconds as `m:ss`, from an hour on `h:mm:ss`; parts of a second are dropped, as a clock does. */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (n: number) => String(n).padStart(2, '0');
  const minutes = Math.floor(whole / 60);
  const rest = `${two(whole % 60)}`;
  return minutes < 60 ? `${minutes}:${rest}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${rest}`;
}

/** A recording's length as `m:ss`, rounded, and never 0:00: that would read as nothing at all. */
export function formatLength(seconds: number): string {
  return seconds > 0 ? formatClock(Math.max(1, Math.round(seconds))) : '0:00';
}

/** Seconds in words: `12 s` from ten on, else `0.3 s`, and `0.02 s` (one frame of audio) rather than nothing. */
export function formatSeconds(seconds: number): string {
  // 9.95 would read "10.0 s", 0.095 "0.10 s", and what is under 0.005 "0.00 s".
  if (seconds >= 9.95) return `${Math.round(seconds)}\u00a0s`;
  if (seconds >= 0.095 || seconds <= 0) return `${seconds.toFixed(1)}\u00a0s`;
  return `${Math.max(0.01, seconds).toFixed(2)}\u00a0s`;
}

/** A duration in ms as the clock of a network needs it: `0.3 ms`, `41 ms`, and seconds from one second on. */
export function formatMs(ms: number): string {
  if (ms >= 999.5) return formatSeconds(ms / 1000);
  if (ms >= 9.95) return `${Math.round(ms)}\u00a0ms`;
  if (ms > 0 && ms < 0.05) return '<0.1\u00a0ms';
  return `${withoutZero(ms)}\u00a0ms`;
}

/** A share in [0, 1] as percent: `14 %`, and `10.4 %` where whole ones would say something else. */
export function formatShare(share: number): string {
  return `${withoutZero(share * 100)}\u00a0%`;
}

/** One decimal, and none where it is a zero. */
function withoutZero(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}

/** A level with one decimal and a real minus sign (U+2212), which is as wide as a digit; null is digital silence. */
export function formatDbfs(dbfs: number | null): string {
  if (dbfs === null) return '−∞';
  // Rounding first keeps -0.04 from reading "−0.0".
  const tenths = Math.round(dbfs * 10) / 10;
  return `${tenths < 0 ? '−' : ''}${Math.abs(tenths).toFixed(1)}`;
}

/** A moment (ms since the epoch) as the local `HH:MM:SS.mmm`. */
export function formatLogTime(time: number): string {
  const date = new Date(time);
  const pad = (n: number, width: number) => String(n).padStart(width, '0');
  return `${pad(date.getHours(), 2)}:${pad(date.getMinutes(), 2)}:${pad(date.getSeconds(), 2)}.${pad(date.getMilliseconds(), 3)}`;
}

/** So many characters of a session id tell sessions apart by eye. */
export const SHORT_ID_LENGTH = 8;

/** A session id as its first eight characters. */
export function shortId(id: string): string {
  return id.length > SHORT_ID_LENGTH ? `${id.slice(0, SHORT_ID_LENGTH)}…` : id;
}

/** A sentence's first letter. */
export function capital(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
