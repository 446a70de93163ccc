/** Numbers as people read them. All pure; the words are English whatever the machine's language is. */

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

/** Seconds in words with one decimal: `0.3 s`, and `12 s` from ten on. */
export function formatSeconds(seconds: number): string {
  return seconds >= 10 ? `${Math.round(seconds)} s` : `${seconds.toFixed(1)} s`;
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

/** A session id as its first eight characters: enough to tell sessions apart by eye. */
export function shortId(id: string): string {
  return id.length > 8 ? `${id.slice(0, 8)}…` : id;
}
